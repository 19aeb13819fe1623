"""All workspaces that we are in: the one whose token is set, and those that installed the app."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.domain.errors import ChannelError, Refused, Unavailable
from bot.domain.installs import Install
from bot.domain.ports import Clock
from channels.slack.around import Around
from channels.slack.asides import Asides
from channels.slack.inbound import NAME, Workspace
from channels.slack.posting import WebApi
from channels.slack.section import SlackConfig
from channels.slack.workspace import SlackWorkspace

log = logging.getLogger("careline.slack")
Json: TypeAlias = dict[str, Any]
_FRESH = timedelta(minutes=1)
"""How long another replica's install, or its end, may go unnoticed here."""
_INSTALL = "Open /slack/install on Careline, and install the app in that workspace."


class Workspaces:
    """Found by what a request tells, or by the account of an address."""

    def __init__(self, config: SlackConfig, clock: Clock, around: Around, asides: Asides) -> None:
        self._config = config
        self._clock = clock
        self._around = around
        self._asides = asides
        self._home: SlackWorkspace | None = None
        self._asking = asyncio.Lock()
        self._known: dict[str, tuple[datetime, str, SlackWorkspace]] = {}

    async def of(self, body: Json) -> SlackWorkspace | None:
        """Whose a request is; None where we are not installed. Raises `Unavailable`.

        With one token and no installs it is that workspace's, whoever of a shared channel spoke.
        """
        team, organisation = _teams(body)
        if self._config.bot_token:
            home = await self.home()
            if not self._config.installs() or team in (None, home.me.team):
                return home
        if team is None:
            return None
        return await self._installed(team) or await self._in(organisation, team)

    async def at(self, account: str) -> SlackWorkspace:
        """The one that an address is in. Raises `Refused`, and `Unavailable`."""
        if self._config.bot_token:
            home = await self.home()
            if not self._config.installs() or account == home.me.team:
                return home
        found = await self._installed(account)
        if found is None:
            raise Refused(f"the app is not installed in workspace {account}", remedy=_INSTALL)
        return found

    async def all(self) -> AsyncIterator[SlackWorkspace]:
        """Every workspace. Raises `Unavailable`."""
        if self._config.bot_token:
            yield await self.home()
        if self._config.installs():
            for install in await self._around.installs.all(NAME):
                if install.account.startswith("T"):
                    yield await self._opened(install)

    async def home(self) -> SlackWorkspace:
        """That of the token; who we are there is asked once. Raises `Unavailable`."""
        async with self._asking:
            if self._home is None:
                web = WebApi(self._config, self._around.people, self._clock)
                try:
                    me = await web.who()
                except ChannelError as exc:
                    log.warning("slack_away", extra={"error": type(exc).__name__})
                    raise Unavailable("Slack does not say who we are") from exc
                finally:
                    await web.close()
                self._home = self._made(me, self._config)
            return self._home

    async def forget(self, body: Json) -> None:
        """The app was removed there, or its token taken back. Raises `Unavailable`."""
        revoked = body["event"].get("tokens")
        if isinstance(revoked, dict) and not revoked.get("bot"):
            return  # somebody's own token, which we never had
        team, organisation = _teams(body)
        gone = team or organisation
        if gone is not None:
            await self._around.installs.remove(NAME, gone)
            _, _, known = self._known.pop(gone, (None, "", None))
            if known is not None:
                await known.web.close()
            log.info("slack_uninstalled", extra={"account": gone})

    async def close(self) -> None:
        """Let go of all connections."""
        for one in (self._home, *(known for _, _, known in self._known.values())):
            if one is not None:
                await one.web.close()

    async def _installed(self, account: str) -> SlackWorkspace | None:
        until, _, known = self._known.get(account, (None, "", None))
        if until is not None and self._clock.now() < until:
            return known
        install = await self._around.installs.get(NAME, account)
        if install is None:
            self._known.pop(account, None)
            return None
        return await self._opened(install)

    async def _in(self, organisation: str | None, team: str) -> SlackWorkspace | None:
        """A workspace of an organisation that installed the app for all: known from now on."""
        if organisation is None:
            return None
        install = await self._around.installs.get(NAME, organisation)
        if install is None:
            return None
        theirs = replace(install, account=team, organisation=organisation)
        await self._around.installs.put(theirs)
        return await self._opened(theirs)

    async def _opened(self, install: Install) -> SlackWorkspace:
        _, token, known = self._known.get(install.account, (None, "", None))
        if known is None or token != install.token:
            if known is not None:
                await known.web.close()
            me = Workspace(team=install.account, user=install.user, bot=install.bot)
            known = self._made(me, replace(self._config, bot_token=install.token))
        self._known[install.account] = (self._clock.now() + _FRESH, install.token, known)
        return known

    def _made(self, me: Workspace, config: SlackConfig) -> SlackWorkspace:
        return SlackWorkspace(me, config, self._clock, self._around, self._asides)


def _teams(body: Json) -> tuple[str | None, str | None]:
    """The workspace and the organisation a request is of; each None where it tells none.

    In a channel that several workspaces share, it is the one that has given us the event.
    """
    given = body.get("authorizations")
    first = given[0] if isinstance(given, list) and given and isinstance(given[0], dict) else {}
    team = first.get("team_id") or body.get("team_id") or _id(body.get("team"))
    user = body.get("user")
    if team is None and isinstance(user, dict):
        team = user.get("team_id")
    organisation = (
        first.get("enterprise_id") or body.get("enterprise_id") or _id(body.get("enterprise"))
    )
    return _text(team), _text(organisation)


def _id(found: object) -> object:
    return found.get("id") if isinstance(found, dict) else None


def _text(found: object) -> str | None:
    return found if isinstance(found, str) and found else None
