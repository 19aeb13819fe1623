"""Channels in memory: one outside, that can be told to fail, and one inside our own database."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.domain.errors import BadRequest, NotAuthentic
from bot.domain.message import (
    Address,
    Inbound,
    InboundKind,
    Outbound,
    Pressed,
    Receipt,
    Sender,
    Text,
)
from bot.domain.ports import Abilities, Progress, Received, Request, Shown, Typing

SECRET = "Bearer open sesame"  # noqa: S105  a fake's
PLAIN = Abilities(buttons=True, edits=True, idempotent=True)
WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeDraft:
    """A draft that shows sentences as long as `holds` says that the bot still may."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        self._holds = holds
        self.sentences: list[str] = []
        self.ended: str | None = None

    async def append(self, sentence: str) -> bool:
        if not self._holds():
            return False
        self.sentences.append(sentence)
        return True

    async def finish(self) -> None:
        self.ended = "finished"

    async def abandon(self) -> None:
        self.ended = "abandoned"


class FakeChannel:
    """A `Channel` that keeps what it is sent.

    `started` are the rows whose sending began, `shown` what people see; a key comes up once where
    `abilities.idempotent` says so. The next sends raise what `failing` holds, one each.
    """

    def __init__(self, name: str = "fake", abilities: Abilities = PLAIN) -> None:
        self.name = name
        self.abilities = abilities
        self.started: list[Outbound] = []
        self.shown: list[Outbound] = []
        self.progressed: list[tuple[Address, Progress]] = []
        self.typed: list[str] = []
        self.drafts: list[FakeDraft] = []
        self.failing: list[Exception] = []
        self.holds: Callable[[], bool] = lambda: True
        self.closed = False

    def fail(self, error: Exception, times: int = 1) -> None:
        self.failing += [error] * times

    async def receive(self, request: Request) -> Received:
        if request.headers.get("authorization") != SECRET:
            raise NotAuthentic("The secret is wrong.")
        try:
            fields = json.loads(request.body)
            if fields.get("typing"):
                return Received(typing=(_typing(self.name, fields),))
            return Received(events=(_event(self.name, fields),))
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            raise BadRequest("Send key, account, room, sender and text or pressed.") from exc

    async def send(self, outbound: Outbound) -> Receipt:
        self.started.append(outbound)
        if self.failing:
            raise self.failing.pop(0)
        return self._show(outbound)

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        self.progressed.append((address, state))
        if name is not None:
            self.typed.append(name)

    async def draft(self, address: Address, *, conversation: str, version: int) -> FakeDraft | None:  # noqa: ARG002  the port's names
        if not self.abilities.streaming:
            return None
        self.drafts.append(FakeDraft(self.holds))
        return self.drafts[-1]

    async def close(self) -> None:
        self.closed = True

    def _show(self, outbound: Outbound) -> Receipt:
        keys = [row.key for row in self.shown]
        if not self.abilities.idempotent or outbound.key not in keys:
            self.shown.append(outbound)
            keys.append(outbound.key)
        return Receipt(message_id=f"m{keys.index(outbound.key) + 1}", sent_at=WHEN)


class FakeInsideChannel(FakeChannel):
    """A `WritesInside`: what it shows is rows of the store's feed."""

    def __init__(self, name: str = "web", abilities: Abilities | None = None) -> None:
        super().__init__(name, abilities or Abilities(buttons=True, idempotent=True, inside=True))

    def as_shown(self, outbound: Outbound) -> Shown:
        body = json.dumps({"author": outbound.author, "text": outbound.text()}).encode()
        return Shown(key=outbound.key, body=body)


def _event(channel: str, fields: dict[str, Any]) -> Inbound:
    """`changes` is the key of a message that is edited, or deleted where there is no text."""
    pressed, changes = fields.get("pressed"), fields.get("changes")
    parts: tuple[Text | Pressed, ...] = ()
    if pressed is not None:
        parts = (Pressed(value=pressed),)
    elif changes is None or "text" in fields:
        parts = (Text(text=fields["text"]),)
    said: InboundKind = "message" if pressed is None else "pressed"
    return Inbound(
        key=f"{channel}:{fields['key']}",
        trace=f"trace-{fields['key']}",
        address=_address(channel, fields),
        sender=Sender(handle=fields["sender"]),
        parts=parts,
        sent_at=WHEN,
        kind=said if changes is None else "edited" if parts else "deleted",
        message_id=str(fields["key"]),
        changes=None if changes is None else f"{channel}:{changes}",
    )


def _typing(channel: str, fields: dict[str, Any]) -> Typing:
    return Typing(address=_address(channel, fields), sender=Sender(handle=fields["sender"]))


def _address(channel: str, fields: dict[str, Any]) -> Address:
    place = {name: fields[name] for name in ("account", "room")}
    return Address(channel=channel, thread=fields.get("thread"), **place)
