"""WhatsApp and SMS as `Channel`s: proven requests in, calls of Twilio's API out."""

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import BadRequest, CarelineError, ChannelError, Refused
from bot.domain.message import (
    Address,
    Inbound,
    InboundKind,
    Mark,
    Outbound,
    Part,
    Pressed,
    Receipt,
    Sender,
    Text,
)
from bot.domain.ports import (
    Abilities,
    Clock,
    Draft,
    Keep,
    Progress,
    Reach,
    Received,
    Reply,
    Request,
)
from channels.twilio.around import Around
from channels.twilio.attached import Attachments
from channels.twilio.content import Contents
from channels.twilio.errors import explained
from channels.twilio.gsm import segments
from channels.twilio.inbound import SMS, WHATSAPP, Became, Fields, Said, read
from channels.twilio.missed import missed
from channels.twilio.outbound import Message, message_of, unlisted
from channels.twilio.posting import Filled, TwilioApi
from channels.twilio.section import TwilioConfig
from channels.twilio.signature import form_of, is_json, prove

log = logging.getLogger("careline.twilio")
NOT_READ = "This is not a message as Twilio documents it."
_EMPTY = Reply(body=b"<Response/>", content_type="text/xml")
_REACHED: dict[str, Reach] = {
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
}
"""Twilio's states of a message that say more than that it is on its way."""
_GATHERS = timedelta(seconds=2.5)
_WROTE_STOP = 21610
_EVERY_S = 60.0
_OVERLAP, _LONGEST_GAP = timedelta(minutes=15), timedelta(days=1)
"""Twilio's clock is not ours, and what is kept twice is one."""
_REMEMBERED = 10_000
ABILITIES = {
    SMS: Abilities(max_text=1200, opt_out=True, gathers=_GATHERS),
    WHATSAPP: Abilities(
        max_text=1400,
        buttons=True,
        media=True,
        files=True,
        typing=True,
        opt_out=True,
        gathers=_GATHERS,
        window=timedelta(hours=24),
    ),
}
"""Both keep room in a `Body` of 1,600 characters for a menu and for sources."""


class TwilioChannel:
    """One of the two. Accounts are our numbers or Messaging Services, rooms their numbers.

    What comes in for one may come to the other: Twilio has one webhook for both.
    """

    def __init__(
        self,
        name: str,
        config: TwilioConfig,
        clock: Clock,
        around: Around,
    ) -> None:
        self.name = name
        self.abilities = ABILITIES[name]
        self._config = config
        self._clock = clock
        self._around = around
        self._api = TwilioApi(config)
        self._contents = Contents(self._api, clock)
        self._attachments = Attachments(config, around.files)
        self._seen: deque[str] = deque(maxlen=_REMEMBERED)

    async def receive(self, request: Request) -> Received:
        prove(request, self._config.auth_token, self._config.public_url)
        found = self._read(_fields(request))
        if isinstance(found, Became):
            return Received(events=self._became(found), reply=_EMPTY)
        return Received(events=await self._said(found, self._clock.now()), reply=_EMPTY)

    async def listen(self, keep: Keep) -> None:
        """Read what Twilio could not tell us: at the start since we were last there, then often.

        One of the two does it for both.
        """
        if self.name != SMS:
            return
        since: datetime | None = None
        while True:
            try:
                since = since or await self._gap()
                await self._catch_up(keep, since)
                since = self._clock.now() - _OVERLAP
            except Exception as exc:  # noqa: BLE001  webhooks go on, and it is asked again
                log.warning("twilio_not_caught_up", extra={"error": type(exc).__name__})
            await asyncio.sleep(_EVERY_S)

    async def _gap(self) -> datetime:
        now, last = self._clock.now(), await self._around.kept_last()
        return max((last or now) - _OVERLAP, now - _LONGEST_GAP)

    async def _catch_up(self, keep: Keep, since: datetime) -> None:
        async for fields, sent in missed(self._api, since):
            if fields["MessageSid"] in self._seen:
                continue
            with suppress(BadRequest):  # as a webhook of it would be refused
                found = self._read(fields)
                if isinstance(found, Said):
                    await keep(Received(events=await self._said(found, sent)))
            self._seen.append(fields["MessageSid"])

    async def send(self, outbound: Outbound) -> Receipt:
        message = message_of(outbound, now=self._clock.now(), link=self._link())
        if not message.body and not message.media:
            raise Refused("there is nothing to send")
        place = outbound.address
        filled = await self._filled(outbound, message)
        sid = await self._api.say(
            self.name,
            place.account,
            place.room,
            message,
            filled=filled,
        )
        charged = segments(message.body) if self.name == SMS else 0
        return Receipt(message_id=sid, sent_at=self._clock.now(), segments=charged, follows=True)

    def _link(self) -> Callable[[str], str] | None:
        """Text messages carry no files everywhere; WhatsApp's do."""
        return self._around.link if self.abilities.files else None

    async def _filled(self, outbound: Outbound, message: Message) -> Filled | None:
        """The fixed shape that a message is sent in; None for one that goes in words."""
        if message.template is not None:
            return await self._contents.template(message.template)
        if message.options and not message.media:
            words = unlisted(outbound, now=self._clock.now())
            return await self._contents.menu(words, message.options)
        return None

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:  # noqa: ARG002  nobody's name is shown
        """WhatsApp shows the sign for 25 seconds under the last message, which counts as read."""
        if self.name != WHATSAPP or state == "idle":
            return
        with suppress(CarelineError):
            sid = await self._around.said_last(address)
            if sid is not None:
                await self._api.typing(sid)

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:  # noqa: ARG002  the port's names
        return None

    async def close(self) -> None:
        with suppress(ChannelError):
            await self._api.close()
            await self._attachments.close()

    def _read(self, fields: Fields) -> Said | Became:
        try:
            service = fields.get("MessagingServiceSid") or None
            found = read(fields, service)
            # A service stands for its numbers where a line has it; else each is one's own.
            known = service is None or self._around.serves(found.address)
            return found if known else read(fields)
        except (KeyError, ValueError) as exc:
            raise BadRequest(NOT_READ) from exc

    async def _said(self, said: Said, sent: datetime) -> tuple[Inbound, ...]:
        if not self._around.serves(said.address):
            log.warning("twilio_no_line", extra={"channel": said.address.channel})
            return ()
        if said.consent is None and (said.answered or not said.parts):
            return ()
        pressed = any(isinstance(part, Pressed) for part in said.parts)
        key = f"{said.address.channel}:{said.sid}"
        event = self._event(
            key,
            said.address,
            await self._attachments.kept(said.parts, key, said.address),
            said.consent or ("pressed" if pressed else "message"),
            said.sid,
        )
        return (replace(event, sender=said.sender, sent_at=sent),)

    def _became(self, became: Became) -> tuple[Inbound, ...]:
        """What is on its way is no news; the rest comes late, twice and out of order."""
        reached, place = _REACHED.get(became.state), became.address
        if reached is None or not self._around.serves(place):
            return ()
        parts: tuple[Part, ...] = (Mark(state=reached),)
        if reached == "failed":
            parts += tuple(Text(text=words) for words in explained(became.code) if words)
        key = f"{place.channel}:{became.sid}:{reached}"
        told = self._event(key, place, parts, "receipt", became.sid)
        if became.code != _WROTE_STOP:
            return (told,)
        return (told, self._event(f"{key}:stopped", place, (), "stopped"))

    def _event(
        self,
        key: str,
        address: Address,
        parts: tuple[Part, ...],
        kind: InboundKind,
        message_id: str | None = None,
    ) -> Inbound:
        return Inbound(
            key=key,
            trace=secrets.token_hex(8),
            address=address,
            sender=Sender(handle=address.room),
            parts=parts,
            sent_at=self._clock.now(),
            kind=kind,
            message_id=message_id,
        )


def _fields(request: Request) -> Fields:
    try:
        if not is_json(request):
            return dict(form_of(request.body))
        found = json.loads(request.body)
        return {str(name): str(value) for name, value in found.items() if value is not None}
    except (AttributeError, ValueError) as exc:
        raise BadRequest(NOT_READ) from exc
