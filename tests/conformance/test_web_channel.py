"""The web chat does what the suite says, over the store in memory."""

import json
from dataclasses import replace

import pytest
from typing_extensions import override

from bot.domain.message import Address
from bot.domain.ports import Request
from channels.web.channel import WebChannel
from channels.web.signature import VisitorTokens
from tests.conformance.channel_suite import ChannelSuite, Shown
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore

KEY = b"a key of the tests"


class TestWebChannel(ChannelSuite):
    @pytest.fixture
    def store(self) -> FakeStore:
        return FakeStore()

    @pytest.fixture
    @override
    def channel(self, store: FakeStore, clock: FakeClock) -> WebChannel:
        return WebChannel(store, clock, VisitorTokens(KEY))

    @pytest.fixture
    def visit(self, channel: WebChannel) -> tuple[Address, str]:
        visitor, token = channel.welcome("shop")
        return Address(channel="web", account="shop", room=visitor.id), token

    @pytest.fixture
    @override
    def room(self, visit: tuple[Address, str]) -> Address:
        return visit[0]

    @pytest.fixture
    @override
    def genuine(self, visit: tuple[Address, str]) -> Request:
        body = json.dumps({"key": "k1", "text": "Hello there"}).encode()
        headers = {"authorization": f"Bearer {visit[1]}"}
        return Request(method="POST", url="/chat/api/messages", headers=headers, body=body)

    @pytest.fixture
    @override
    def forged(self, genuine: Request) -> Request:
        _, token = WebChannel(FakeStore(), FakeClock(), VisitorTokens(KEY[::-1])).welcome("shop")
        return replace(genuine, headers={"authorization": f"Bearer {token}"})

    @pytest.fixture(params=[b"", b"{", b"[]", b'{"key": 1}', b"\xff"])
    @override
    def garbage(self, genuine: Request, request: pytest.FixtureRequest) -> Request:
        return replace(genuine, body=request.param)

    @pytest.fixture
    @override
    def shown(self, store: FakeStore, room: Address) -> Shown:
        async def texts() -> list[str]:
            async with store.transaction() as transaction:
                items = await transaction.feed.read(room, after=0)
            return [json.loads(item.body)["text"] for item in items]

        return texts
