"""The channels in memory do what the suite says."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from typing_extensions import override

from bot.domain.message import Address, Text
from bot.domain.ports import Abilities, Request, WritesInside
from tests.conformance.channel_suite import ChannelSuite, Shown, outbound
from tests.fakes.channel import SECRET, FakeChannel, FakeInsideChannel

THREADED = Abilities(threads=True, edits=True, private=True, marks=True, typing=True)
STREAMS = Abilities(buttons=True, idempotent=True, streaming=True)


def changed(request: Request, **fields: object) -> Request:
    """The same request with other fields; those that are None are left out."""
    kept = json.loads(request.body) | fields
    body = json.dumps({name: value for name, value in kept.items() if value is not None})
    return replace(request, body=body.encode())


class FakeChannelSuite(ChannelSuite):
    @pytest.fixture
    @override
    def room(self, channel: FakeChannel) -> Address:
        return Address(channel=channel.name, account="shop", room="r1")

    @pytest.fixture
    @override
    def genuine(self, room: Address) -> Request:
        fields = {"key": "e1", "account": room.account, "room": room.room, "sender": "max"}
        body = json.dumps(fields | {"text": "Hello there"}).encode()
        return Request(method="POST", url="/", headers={"authorization": SECRET}, body=body)

    @pytest.fixture
    @override
    def edited(self, genuine: Request) -> Request:
        return changed(genuine, key="e2", changes="e1", text="Hello you")

    @pytest.fixture
    @override
    def deleted(self, genuine: Request) -> Request:
        return changed(genuine, key="e3", changes="e1", text=None)

    @pytest.fixture
    @override
    def typing(self, genuine: Request) -> Request:
        return changed(genuine, typing=True)

    @pytest.fixture
    @override
    def reply(self, genuine: Request) -> Callable[[str], Request]:
        return lambda thread: changed(genuine, key="e4", text="In here", thread=thread)

    @pytest.fixture
    @override
    def forged(self, genuine: Request) -> Request:
        return replace(genuine, headers={"authorization": "Bearer guess"})

    @pytest.fixture(params=[b"", b"{", b"[]", b'{"key": 1}', b"\xff"])
    @override
    def garbage(self, genuine: Request, request: pytest.FixtureRequest) -> Request:
        return replace(genuine, body=request.param)

    @pytest.fixture
    @override
    def shown(self, channel: FakeChannel) -> Shown:
        async def texts() -> list[str]:
            return [row.text() for row in channel.shown]

        return texts


class TestFakeChannel(FakeChannelSuite):
    @pytest.fixture
    @override
    def channel(self) -> FakeChannel:
        return FakeChannel()


class TestThreadedFakeChannel(FakeChannelSuite):
    @pytest.fixture
    @override
    def channel(self) -> FakeChannel:
        return FakeChannel(abilities=THREADED)


class TestStreamingFakeChannel(FakeChannelSuite):
    @pytest.fixture
    @override
    def channel(self) -> FakeChannel:
        return FakeChannel(abilities=STREAMS)


class TestFakeInsideChannel(FakeChannelSuite):
    @pytest.fixture
    @override
    def channel(self) -> FakeInsideChannel:
        return FakeInsideChannel()

    async def test_what_is_shown_has_the_key_of_the_message(self, channel: WritesInside):
        row = outbound(Address(channel="web", account="shop", room="r1"), "k1", (Text(text="x"),))
        assert channel.as_shown(row).key == "k1"
        assert b'"x"' in channel.as_shown(row).body
