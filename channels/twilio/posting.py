"""The calls of Twilio's API: what is said, who types, what is set up.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import asyncio
from typing import Any

from channels.twilio.errors import mapped_errors
from channels.twilio.inbound import WHATSAPP
from channels.twilio.outbound import Message
from channels.twilio.section import API, STATUS, TwilioConfig

_SERVICE = "MG"


class TwilioApi:
    """Our side of the API; every call raises `TryLater` or `Refused`."""

    def __init__(self, config: TwilioConfig) -> None:
        self._config = config
        self._made: Any = None
        self._making = asyncio.Lock()

    async def say(self, channel: str, ours: str, theirs: str, message: Message) -> str:
        """The SID of what was said. `ours` is a number or a Messaging Service."""
        client = await self._client()
        own = {"from_": _named(channel, ours)}
        sender = {"messaging_service_sid": ours} if ours.startswith(_SERVICE) else own
        media = {"media_url": list(message.media)} if message.media else {}
        with mapped_errors():
            made = await client.messages.create_async(
                to=_named(channel, theirs),
                body=message.body,
                status_callback=self._config.public_url + STATUS,
                **sender,
                **media,
            )
        return str(made.sid)

    async def typing(self, sid: str) -> None:
        """Show that somebody writes, under the message that is answered; it counts as read."""
        client = await self._client()
        with mapped_errors():
            indicators = client.messaging.v2.typing_indicator
            await indicators.create_async(channel=WHATSAPP, message_id=sid)

    async def account(self) -> str:
        """The state of the account: `active`, `suspended` or `closed`."""
        client = await self._client()
        with mapped_errors():
            found = await client.api.v2010.accounts(self._config.account_sid).fetch_async()
        return str(found.status)

    async def numbers(self) -> dict[str, str]:
        """The webhook of each number of the account."""
        client = await self._client()
        with mapped_errors():
            found = await client.incoming_phone_numbers.list_async(limit=1000)
        return {str(one.phone_number): str(one.sms_url or "") for one in found}

    async def close(self) -> None:
        """Let go of connections."""
        if self._made is not None:
            await self._made.http_client.close()

    async def _client(self) -> Any:  # noqa: ANN401  the library has no types
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
