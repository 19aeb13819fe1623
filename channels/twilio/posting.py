"""The calls of Twilio's API: what is said, who types, what is set up.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.twilio.errors import judged, mapped_errors
from channels.twilio.inbound import WHATSAPP
from channels.twilio.outbound import Message
from channels.twilio.section import API, STATUS, TwilioConfig

_SERVICE = "MG"
_MOST = 1000
_REFUSED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A message of a fixed shape; `status` is WhatsApp's approval of it."""

    sid: str
    name: str
    language: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A content and what stands in its places."""

    sid: str
    variables: Mapping[str, str]


class TwilioApi:
    """Our side of the API; every call raises `TryLater` or `Refused`."""

    def __init__(self, config: TwilioConfig) -> None:
        self._config = config
        self._made: Any = None
        self._making = asyncio.Lock()

    async def say(
        self,
        channel: str,
        ours: str,
        theirs: str,
        message: Message,
        *,
        filled: Filled | None = None,
    ) -> str:
        """The SID of what was said. `ours` is a number or a Messaging Service.

        `filled` is a fixed shape that is sent instead of the words.
        """
        client = await self.client()
        own = {"from_": _named(channel, ours)}
        sender = {"messaging_service_sid": ours} if ours.startswith(_SERVICE) else own
        said: dict[str, object] = {"body": message.body}
        if filled is not None:
            places = json.dumps(dict(filled.variables))
            said = {"content_sid": filled.sid, "content_variables": places}
        elif message.media:
            said["media_url"] = list(message.media)
        with mapped_errors():
            made = await client.messages.create_async(
                to=_named(channel, theirs),
                status_callback=self._config.public_url + STATUS,
                **sender,
                **said,
            )
        return str(made.sid)

    async def typing(self, sid: str) -> None:
        """Show that somebody writes, under the message that is answered; it counts as read."""
        client = await self.client()
        with mapped_errors():
            indicators = client.messaging.v2.typing_indicator
            await indicators.create_async(channel=WHATSAPP, message_id=sid)

    async def account(self) -> str:
        """The state of the account: `active`, `suspended` or `closed`."""
        client = await self.client()
        with mapped_errors():
            found = await client.api.v2010.accounts(self._config.account_sid).fetch_async()
        return str(found.status)

    async def contents(self) -> list[Content]:
        """Every content of the account, with WhatsApp's word on it."""
        client = await self.client()
        with mapped_errors():
            found = await client.content.v1.content_and_approvals.list_async(limit=_MOST)
        return [
            Content(
                sid=str(one.sid),
                name=str(one.friendly_name or ""),
                language=str(one.language or ""),
                status=str((one.approval_requests or {}).get("status") or "unsubmitted"),
            )
            for one in found
        ]

    async def make_content(self, content: Mapping[str, object]) -> str:
        """The SID of a new content, as the Content API takes it."""
        return str((await self.post(await self._content("/v1/Content"), content))["sid"])

    async def submit(self, sid: str, name: str) -> None:
        """Ask WhatsApp to approve a content as a template for what people wait for."""
        asked = {"name": name, "category": "UTILITY"}
        url = await self._content(f"/v1/Content/{sid}/ApprovalRequests/whatsapp")
        await self.post(url, asked)

    async def _content(self, path: str) -> str:
        return str((await self.client()).content.base_url) + path

    async def post(self, url: str, body: Mapping[str, object]) -> dict[str, Any]:
        """A call in JSON: the library leaves out of these what it does not know."""
        client = await self.client()
        with mapped_errors():
            answer = await client.request_async(
                "POST",
                url,
                data=dict(body),
                headers={"Content-Type": "application/json"},
            )
        found = json.loads(answer.text or "{}")
        if answer.status_code >= _REFUSED:
            raise judged(answer.status_code, found.get("code"))
        return dict(found)

    async def close(self) -> None:
        """Let go of connections."""
        if self._made is not None:
            await self._made.http_client.close()

    async def client(self) -> Any:  # noqa: ANN401  the library has no types
        """The library's client, made at its first use."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(_open, self._config)
            return self._made


def _open(config: TwilioConfig) -> Any:  # noqa: ANN401  the library has no types
    """The library's client; what it imports costs start-up time, and would hold the loop."""
    from twilio.rest import Client  # noqa: PLC0415

    from channels.twilio.http import TwilioHttp  # noqa: PLC0415

    client = Client(config.account_sid, config.auth_token, http_client=TwilioHttp())
    if config.api_url != API:
        for domain in (client.api, client.messaging, client.content):
            domain.base_url = config.api_url
    return client


def _named(channel: str, number: str) -> str:
    return f"{WHATSAPP}:{number}" if channel == WHATSAPP else number
