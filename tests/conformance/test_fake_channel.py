"""The channels in memory do what the suite says."""

import json
from dataclasses import replace

import pytest
from typing_extensions import override

from bot.domain.message import Address, Text
from bot.domain.ports import Abilities, Request, WritesInside
from tests.conformance.channel_suite import ChannelSuite, Shown, outbound
from tests.fakes.channel import SECRET, FakeChannel, FakeInsideChannel

STREAMS = Abilities(buttons=True, idempotent=True, streaming=True)


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
