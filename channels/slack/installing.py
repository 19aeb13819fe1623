"""Other workspaces install the app: to Slack's page and back, with a state that the browser keeps.

https://docs.slack.dev/authentication/installing-with-oauth
"""

import html
import logging
import secrets
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Unavailable
from bot.domain.installs import Install, Installs
from bot.domain.ports import Clock
from channels.slack.errors import code_of
from channels.slack.inbound import NAME
from channels.slack.needs import scopes
from channels.slack.section import SlackConfig

log = logging.getLogger("careline.slack")
Json: TypeAlias = dict[str, Any]
INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
_COOKIE, _LASTS_S = "careline_slack_state", 600
_PATIENCE_S = 10
_AGAIN = f'<a href="{INSTALL}">Install again</a>'
_REASONS = {
    "access_denied": "You did not allow it, so nothing was installed.",
    "state": "This page belongs to no install that was begun in this browser, or it is too old.",
    "no_code": "Slack has sent no code along.",
    "away": "That cannot be kept just now. Nothing was lost: try again in a minute.",
    "unreachable": "Slack does not answer just now. Try again in a minute.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installing:
    """Two pages. Whoever installs is told which workspace its line's `addresses` must name."""

    config: SlackConfig
    installs: Installs
    clock: Clock

    def pages(self) -> tuple[web.RouteDef, ...]:
        """The routes."""
        return (web.get(INSTALL, self.begin), web.get(BACK, self.end))

    async def begin(self, _request: web.Request) -> web.Response:
        """To Slack's page, which asks for exactly the scopes that are used."""
        state = secrets.token_urlsafe(32)
        asked = AuthorizeUrlGenerator(
            client_id=self.config.client_id,
            scopes=sorted(scopes()),
            redirect_uri=self._back(),
            authorization_url=_authorize_url(self.config.base_url),
        )
        answer = web.Response(status=302, headers={"Location": asked.generate(state)})
        answer.set_cookie(
            _COOKIE,
            state,
            max_age=_LASTS_S,
            path=BACK,
            httponly=True,
            samesite="Lax",
            secure=self.config.public_url.startswith("https:"),
        )
        return answer

    async def end(self, request: web.Request) -> web.Response:
        """Back from Slack: the state is used up whatever comes of it."""
        answer = await self._ended(request)
        answer.del_cookie(_COOKIE, path=BACK)
        return answer

    async def _ended(self, request: web.Request) -> web.Response:
        asked, kept = request.query.get("state", ""), request.cookies.get(_COOKIE, "")
        if not kept or not secrets.compare_digest(asked.encode(), kept.encode()):
            return _failed("state", 400)
        if "error" in request.query:
            return _failed(request.query["error"], 403)
        code = request.query.get("code")
        return await self._installed(code) if code else _failed("no_code", 400)

    async def _installed(self, code: str) -> web.Response:
        try:
            install = _install(await self._exchanged(code), self.clock)
            await self.installs.put(install)
        except SlackApiError as exc:
            return _failed(code, 400) if (code := code_of(exc)) else _failed("unreachable", 503)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            return _failed("unreachable", 503)
        except (KeyError, TypeError):
            return _failed("no bot token", 502)
        except Unavailable:
            return _failed("away", 503)
        log.info("slack_installed", extra={"account": install.account})
        return _page(
            "Careline is installed",
            f"The app is in <b>{html.escape(install.name)}</b>. So that a line answers there, add "
            f"<code>slack:{html.escape(install.account)}</code> to its <code>addresses</code>.",
        )

    async def _exchanged(self, code: str) -> Json:
        client = AsyncWebClient(base_url=self.config.base_url, timeout=_PATIENCE_S)
        asked = {
            "client_id": self.config.client_id,
            "client_secret": self.config.client_secret,
            "code": code,
            "redirect_uri": self._back(),
        }
        # The SDK's own method proves us in a way that aiohttp is about to drop.
        answer = await client.api_call("oauth.v2.access", data=asked)
        found = answer.data
        if not isinstance(found, dict):
            raise TypeError("no object came")
        return found

    def _back(self) -> str:
        return f"{self.config.public_url}{BACK}"


def _install(found: Json, clock: Clock) -> Install:
    """Raises `KeyError` and `TypeError` for what is no install of a bot."""
    organisation = found.get("enterprise") or {}
    place = organisation if found.get("is_enterprise_install") else found["team"]
    return Install(
        channel=NAME,
        account=str(place["id"]),
        name=str(place.get("name") or place["id"]),
        user=str(found["bot_user_id"]),
        bot=str(found.get("bot_id") or ""),
        token=str(found["access_token"]),
        scopes=tuple(str(found.get("scope") or "").split(",")),
        at=clock.now(),
        organisation=None if found.get("is_enterprise_install") else organisation.get("id"),
    )


def _authorize_url(base_url: str) -> str:
    """Slack's page stands beside its API: GovSlack has another of both."""
    parts = urlsplit(base_url)
    return urlunsplit((parts.scheme, parts.netloc, "/oauth/v2/authorize", "", ""))


def _failed(reason: str, status: int) -> web.Response:
    words = _REASONS.get(reason) or f"Slack answers: {html.escape(reason[:80])}."
    return _page("Careline was not installed", f"{words} {_AGAIN}", status)


def _page(title: str, words: str, status: int = 200) -> web.Response:
    body = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        f"<h1>{title}</h1><p>{words}</p>"
    )
    headers = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"}
    return web.Response(text=body, status=status, content_type="text/html", headers=headers)
