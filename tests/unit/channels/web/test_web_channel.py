"""The web channel against the store in memory: sends, typing and drafts."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.conversation import Conversation
from bot.domain.errors import BadRequest, NotAuthentic, TryLater
from bot.domain.message import Address, Outbound, Text
from bot.domain.ports import Channel, Request
from channels.web.channel import WebChannel
from channels.web.signature import VisitorTokens
from tests.fakes.clock import START, FakeClock
from tests.fakes.store import FakeStore

ROOM = Address(channel="web", account="shop", room="v")
TALK = Conversation(id="c", line="shop", address=ROOM, opened_at=START, version=3)


def message(key: str = "o1", text: str = "Hello") -> Outbound:
    return Outbound(
        key=key,
        address=ROOM,
        parts=(Text(text=text),),
        author="bot",
        trace="t",
        holder_version=3,
    )


class Desk:
    """A channel with the fakes around it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = FakeStore()
        self.channel: Channel = WebChannel(self.store, self.clock, VisitorTokens(b"k" * 32))

    async def feed(self) -> list[Any]:
        async with self.store.transaction() as tx:
            return [json.loads(item.body) for item in await tx.feed.read(ROOM, after=0)]

    async def hold(self, version: int) -> None:
        self.store.world.conversations["c"] = Conversation(
            id="c", line="shop", address=ROOM, opened_at=START, version=version
        )

    def signals(self) -> list[Any]:
        return [json.loads(payload) for _, payload in self.store.announced if payload]


async def test_a_send_is_a_row_of_the_feed():
    desk = Desk()
    receipt = await desk.channel.send(message())
    assert (receipt.message_id, receipt.sent_at) == ("1", START)
    assert [body["text"] for body in await desk.feed()] == ["Hello"]


async def test_a_repeated_send_shows_once():
    desk = Desk()
    await desk.channel.send(message())
    desk.clock.advance(timedelta(seconds=5))
    await desk.channel.send(message("o2", "More"))
    assert (await desk.channel.send(message())).message_id == "1"
    assert [body["text"] for body in await desk.feed()] == ["Hello", "More"]


async def test_a_send_while_the_database_is_away_tries_later():
    desk = Desk()
    desk.store.away = True
    with pytest.raises(TryLater):
        await desk.channel.send(message())


async def test_progress_passes_and_never_raises():
    desk = Desk()
    await desk.channel.progress(ROOM, "thinking")
    assert desk.signals() == [{"type": "progress", "state": "thinking"}]
    await desk.channel.progress(ROOM, "typing", name="Ada")
    assert desk.signals()[1:] == [{"type": "progress", "state": "typing", "name": "Ada"}]
    desk.store.away = True
    await desk.channel.progress(ROOM, "idle")


async def test_a_draft_grows_and_is_not_kept():
    desk = Desk()
    await desk.hold(3)
    draft = await desk.channel.draft(ROOM, conversation="c", version=3)
    assert draft is not None
    assert await draft.append("One.")
    assert await draft.append("Two.")
    await draft.finish()
    first, second, end = desk.signals()
    assert [s["sentence"] for s in (first, second)] == ["One.", "Two."]
    assert end == {"type": "draft_end", "id": first["id"], "followed": True}
    assert await desk.feed() == []


async def test_a_draft_stops_when_the_holder_moves():
    desk = Desk()
    await desk.hold(3)
    draft = await desk.channel.draft(ROOM, conversation="c", version=3)
    assert draft is not None
    assert await draft.append("One.")
    await desk.hold(4)
    assert not await draft.append("Two.")
    assert [s["type"] for s in desk.signals()] == ["draft", "draft_end"]
    assert "Two." not in str(desk.signals())


async def test_an_abandoned_draft_goes_even_if_nobody_can_be_told():
    desk = Desk()
    draft = await desk.channel.draft(ROOM, conversation="c", version=3)
    assert draft is not None
    await draft.abandon()
    assert desk.signals()[-1]["followed"] is False
    desk.store.away = True
    await draft.abandon()


def request(headers: dict[str, str], body: bytes) -> Request:
    return Request(method="POST", url="/chat/api/messages", headers=headers, body=body)


async def test_receiving_verifies_first():
    desk = Desk()
    _, token = VisitorTokens(b"k" * 32).new("shop")
    words = b'{"key": "k", "text": "hi"}'
    with pytest.raises(NotAuthentic):
        await desk.channel.receive(request({}, words))
    with pytest.raises(BadRequest):
        await desk.channel.receive(request({"authorization": f"Bearer {token}"}, b"{}"))
    headers = {"authorization": f"Bearer {token}", "accept-language": "de-DE,de;q=0.9"}
    received = await desk.channel.receive(request(headers, words))
    assert [event.text() for event in received.events] == ["hi"]
    assert received.events[0].sender.locale == "de-DE"
    assert received.reply.status == 202
