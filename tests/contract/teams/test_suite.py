"""Teams does what the suite of channels says, against Microsoft's side on loopback."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from typing_extensions import override

from bot.domain.message import Address
from bot.domain.ports import Request
from tests.conformance.channel_suite import ChannelSuite, Shown
from tests.contract.teams.conftest import Post
from tests.doubles.teams import MENTION, TENANT, Microsoft

CHANNEL = "19:general@thread.tacv2"
WHERE = {"id": CHANNEL, "conversationType": "channel", "tenantId": TENANT}
CALLED = {"text": "<at>Careline</at> Hello there", "entities": [MENTION], "conversation": WHERE}


class TestTeamsChannel(ChannelSuite):
    @pytest.fixture
    @override
    def channel(self, channel):
        return channel

    @pytest.fixture
    @override
    def room(self) -> Address:
        return Address(channel="teams", account=TENANT, room=CHANNEL)

    @pytest.fixture
    @override
    def genuine(self, post: Post) -> Request:
        return post(**CALLED)

    @pytest.fixture
    @override
    def edited(self, post: Post) -> Request:
        said = {**CALLED, "text": "<at>Careline</at> Hello you"}
        return post(**said, type="messageUpdate", channelData={"eventType": "editMessage"})

    @pytest.fixture
    @override
    def deleted(self, post: Post) -> Request:
        return post(**{**CALLED, "text": None}, type="messageDelete")

    @pytest.fixture
    @override
    def forged(self, post: Post) -> Request:
        return post(token="", **CALLED)

    @pytest.fixture(params=[b"", b"{", b"[]", b'{"type": 1}', b"\xff", b"null"])
    @override
    def garbage(self, genuine: Request, request: pytest.FixtureRequest) -> Request:
        return replace(genuine, body=request.param)

    @pytest.fixture
    @override
    def reply(self, post: Post) -> Callable[[str], Request]:
        def made(message: str) -> Request:
            where = {**WHERE, "id": f"{CHANNEL};messageid={message}"}
            return post(text="In here", id="77", conversation=where)

        return made

    @pytest.fixture
    @override
    def shown(self, there: Microsoft) -> Shown:
        async def texts() -> list[str]:
            return there.shown(CHANNEL)

        return texts


def test_the_suite_sends_what_teams_sends(post: Post):
    assert json.loads(post().body)["channelId"] == "msteams"
