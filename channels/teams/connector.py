"""The Bot Connector over HTTP: sends, changes and takes back activities, with our app's token.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

import json
from collections.abc import Callable
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

import aiohttp

from bot.domain.errors import Refused
from bot.domain.message import Outbound
from channels.teams.errors import judge, mapped_errors
from channels.teams.tokens import AppToken

PATIENCE_S = 25.0
"""A slow answer is still an answer: to give up early is not to know whether it arrived. Whoever
sends for us waits 30 s."""
_UNAUTHORIZED = 401
Method: TypeAlias = Literal["POST", "PUT", "DELETE"]


class Connector:
    """Calls of one app; `session` is open while the channel is."""

    def __init__(self, token: AppToken, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._token = token
        self._session = session

    async def carry(
        self, service_url: str, talk: str, outbound: Outbound, activity: dict[str, Any]
    ) -> str:
        """Send, change or delete one message; its id. Raises `TryLater` or `Refused`."""
        base = f"{service_url}/v3/conversations/{quote(talk, safe='')}/activities"
        target = outbound.target if outbound.replaces is not None else None
        if target is None:
            return await self.call("POST", base, activity) or outbound.key
        method: Method = "PUT" if outbound.parts else "DELETE"
        body = activity if outbound.parts else None
        await self.call(method, f"{base}/{quote(target, safe='')}", body)
        return target

    async def typing(self, service_url: str, talk: str) -> None:
        """Show that somebody writes. Raises `TryLater` or `Refused`."""
        base = f"{service_url}/v3/conversations/{quote(talk, safe='')}/activities"
        await self.call("POST", base, {"type": "typing"}, patience=5)

    async def say(self, service_url: str, talk: str, activity: dict[str, Any]) -> str | None:
        """Post something that is no message of the outbox; its id. Raises as `carry`."""
        base = f"{service_url}/v3/conversations/{quote(talk, safe='')}/activities"
        return await self.call("POST", base, activity, patience=5)

    async def take_back(self, service_url: str, talk: str, message: str) -> None:
        """Delete a message of ours. Raises as `carry`."""
        base = f"{service_url}/v3/conversations/{quote(talk, safe='')}/activities"
        await self.call("DELETE", f"{base}/{quote(message, safe='')}", None, patience=5)

    async def meet(self, service_url: str, bot: str, tenant: str, person: str) -> str:
        """The personal chat with somebody who has the app, by their id in the directory.

        Asked again it is the same chat. Raises `TryLater` or `Refused`.
        """
        body = {
            "bot": {"id": bot},
            "members": [{"id": person}],
            "isGroup": False,
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        found = await self.call("POST", f"{service_url}/v3/conversations", body, repeatable=True)
        if found is None:
            raise Refused("Teams opened no chat with this person")
        return found

    async def call(
        self,
        method: Method,
        url: str,
        body: dict[str, Any] | None,
        *,
        patience: float | None = None,
        repeatable: bool = False,
    ) -> str | None:
        """The id in the answer. A token that is not taken any more is asked for anew, once."""
        for last in (False, True):
            token = await self._token.get()
            with mapped_errors(repeatable=repeatable or method != "POST"):
                status, after, found = await self._ask(method, url, body, token, patience)
            if status == _UNAUTHORIZED and not last:
                self._token.forget(token)
                continue
            judge(status, after)
            return found
        return None

    async def _ask(
        self,
        method: Method,
        url: str,
        body: dict[str, Any] | None,
        token: str,
        patience: float | None,
    ) -> tuple[int, str, str | None]:
        limit = aiohttp.ClientTimeout(total=patience or PATIENCE_S, sock_connect=5)
        headers = {"Authorization": f"Bearer {token}"}
        asked = self._session().request(
            method, url, json=body, headers=headers, timeout=limit, allow_redirects=False
        )
        async with asked as answer:
            found = _id_in(await answer.read(), answer.headers.get("Content-Type", ""))
            return answer.status, answer.headers.get("Retry-After", ""), found


def _id_in(body: bytes, kind: str) -> str | None:
    if "json" not in kind or not body:
        return None
    try:
        fields = json.loads(body)
    except ValueError:
        return None
    found = fields.get("id") if isinstance(fields, dict) else None
    return found if isinstance(found, str) and found else None
