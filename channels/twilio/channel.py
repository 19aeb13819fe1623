"""WhatsApp and SMS as `Channel`s: proven requests in, calls of Twilio's API out."""

import json
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeAlias

from bot.domain.errors import BadRequest, ChannelError, Refused
from bot.domain.message import Address, Inbound, Outbound, Pressed, Receipt, Sender, Text
from bot.domain.ports import Abilities, Clock, Draft, Progress, Received, Reply, Request
from channels.twilio.errors import explained
from channels.twilio.inbound import SMS, WHATSAPP, Became, Fields, Said, read
from channels.twilio.outbound import message_of
from channels.twilio.posting import TwilioApi
from channels.twilio.section import TwilioConfig
from channels.twilio.signature import form_of, is_json, prove

log = logging.getLogger("careline.twilio")
NOT_READ = "This is not a message as Twilio documents it."
STOPPED = (
    "They asked that nothing more be sent to them (STOP). Do not write to them here before they "
    "write again."
)
_EMPTY = Reply(body=b"<Response/>", content_type="text/xml")
_FAILED = ("failed", "undelivered")
Serves: TypeAlias = Callable[[Address], bool]
ABILITIES = {
    SMS: Abilities(max_text=1200),
    WHATSAPP: Abilities(max_text=1400, media=True, window=timedelta(hours=24)),
}
"""Both keep room in a `Body` of 1,600 characters for a menu and for sources."""


class TwilioChannel:
    """One of the two. Accounts are our numbers or Messaging Services, rooms their numbers.

    What comes in for one may come to the other: Twilio has one webhook for both. `serves` tells
    whether a line has an address.
    """

    def __init__(self, name: str, config: TwilioConfig, clock: Clock, *, serves: Serves) -> None:
        self.name = name
        self.abilities = ABILITIES[name]
        self._config = config
        self._clock = clock
        self._serves = serves
        self._api = TwilioApi(config)

    async def receive(self, request: Request) -> Received:
        prove(request, self._config.auth_token, self._config.public_url)
        found = self._read(_fields(request))
        event = self._became(found) if isinstance(found, Became) else self._said(found)
        return Received(events=() if event is None else (event,), reply=_EMPTY)

    async def send(self, outbound: Outbound) -> Receipt:
        message = message_of(outbound, now=self._clock.now())
        if not message.body and not message.media:
            raise Refused("there is nothing to send")
        place = outbound.address
        sid = await self._api.say(self.name, place.account, place.room, message)
        return Receipt(message_id=sid, sent_at=self._clock.now())

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        """Nothing is shown: a sign costs a call, and belongs to a message that we do not know."""

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:  # noqa: ARG002  the port's names
        return None

    async def close(self) -> None:
        with suppress(ChannelError):
            await self._api.close()

    def _read(self, fields: Fields) -> Said | Became:
        try:
            service = fields.get("MessagingServiceSid") or None
            found = read(fields, service)
            # A service stands for its numbers where a line has it; else each is one's own.
            known = service is None or self._serves(found.address)
            return found if known else read(fields)
        except (KeyError, ValueError) as exc:
            raise BadRequest(NOT_READ) from exc

    def _said(self, said: Said) -> Inbound | None:
        if not self._serves(said.address):
            log.warning("twilio_no_line", extra={"channel": said.address.channel})
            return None
        if said.stops:
            return self._news(f"{said.address.channel}:{said.sid}", said.address, STOPPED)
        if said.answered or not said.parts:
            return None
        pressed = any(isinstance(part, Pressed) for part in said.parts)
        return Inbound(
            key=f"{said.address.channel}:{said.sid}",
            trace=secrets.token_hex(8),
            address=said.address,
            sender=said.sender,
            parts=said.parts,
            sent_at=self._clock.now(),
            kind="pressed" if pressed else "message",
            message_id=said.sid,
        )

    def _became(self, became: Became) -> Inbound | None:
        """Only what did not arrive is news; all else comes late, twice and out of order."""
        if became.state not in _FAILED or not self._serves(became.address):
            return None
        reason, remedy = explained(became.code)
        words = f"Not delivered to the customer: {reason}. {remedy or ''}".strip()
        key = f"{became.address.channel}:{became.sid}:failed"
        return self._news(key, became.address, words, about=became.sid)

    def _news(self, key: str, address: Address, words: str, *, about: str | None = None) -> Inbound:
        """What staff should know of a customer's channel."""
        return Inbound(
            key=key,
            trace=secrets.token_hex(8),
            address=address,
            sender=Sender(handle=address.room),
            parts=(Text(text=words),),
            sent_at=self._clock.now(),
            kind="receipt",
            message_id=about,
        )


def _fields(request: Request) -> Fields:
    try:
        if not is_json(request):
            return dict(form_of(request.body))
        found = json.loads(request.body)
        return {str(name): str(value) for name, value in found.items() if value is not None}
    except (AttributeError, ValueError) as exc:
        raise BadRequest(NOT_READ) from exc
