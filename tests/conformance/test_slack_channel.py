"""Slack does what the suite says, against the double."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from bot.domain.message import Address
from bot.domain.ports import Request
from channels.slack.channel import SlackChannel
from channels.slack.section import SlackConfig
from tests.conformance.channel_suite import ChannelSuite, Shown
from tests.contract.slack import events
from tests.contract.slack.around import around
from tests.contract.slack.double import TOKEN, SlackDouble, slack_double
from tests.fakes.clock import FakeClock

ROOM = Address(channel="slack", account=events.TEAM, room="D0ANN")
HELLO = events.message("Hello there")


def request(body: bytes, clock: FakeClock, secret: str = events.SECRET) -> Request:
    headers = events.signed(body, clock.now().timestamp(), secret)
    return Request(method="POST", url="/slack/events", headers=headers, body=body)


def told(event: dict[str, Any], clock: FakeClock) -> Request:
    return request(json.dumps(events.envelope(event)).encode(), clock)


class TestSlackChannel(ChannelSuite):
    @pytest.fixture
    async def slack(self) -> AsyncIterator[SlackDouble]:
        async with slack_double() as double:
            double.users["U0ANN"] = {"name": "ann", "tz": "Europe/Paris", "locale": "fr-FR"}
            yield double

    @pytest.fixture
    @override
    async def channel(self, slack: SlackDouble, clock: FakeClock) -> AsyncIterator[SlackChannel]:
        config = SlackConfig(bot_token=TOKEN, signing_secret=events.SECRET, base_url=slack.url)
        made = SlackChannel(config, clock, around())
        yield made
        await made.close()

    @pytest.fixture
    @override
    def room(self) -> Address:
        return ROOM

    @pytest.fixture
    @override
    def genuine(self, clock: FakeClock) -> Request:
        return request(json.dumps(events.envelope(HELLO, "Ev1")).encode(), clock)

    @pytest.fixture
    @override
    def forged(self, genuine: Request, clock: FakeClock) -> Request:
        return request(genuine.body, clock, secret="a" * 32)

    @pytest.fixture(params=[b"", b"{", b"[]", b"payload=%7B", b'{"type": "event_callback"}'])
    @override
    def garbage(self, clock: FakeClock, request: pytest.FixtureRequest) -> Request:
        headers = events.signed(request.param, clock.now().timestamp())
        return Request(method="POST", url="/slack/events", headers=headers, body=request.param)

    @pytest.fixture
    @override
    def edited(self, clock: FakeClock) -> Request:
        return told(events.changed(HELLO, "Hello you", "1772442009.000100"), clock)

    @pytest.fixture
    @override
    def deleted(self, clock: FakeClock) -> Request:
        return told(events.deleted(HELLO, "1772442010.000100"), clock)

    @pytest.fixture
    @override
    def reply(self, clock: FakeClock) -> Callable[[str], Request]:
        def made(thread: str) -> Request:
            said = events.message("In here", ts="1772449999.000100", thread=thread)
            return told(said, clock)

        return made

    @pytest.fixture
    @override
    def shown(self, slack: SlackDouble) -> Shown:
        async def texts() -> list[str]:
            return [str(message["text"]) for message in slack.shown(ROOM.room)]

        return texts

    async def test_a_replayed_old_request_is_refused(
        self, channel: SlackChannel, clock: FakeClock, genuine: Request
    ):
        old = events.signed(genuine.body, clock.now().timestamp() - 301)
        with pytest.raises(Exception, match="signature"):
            await channel.receive(replace(genuine, headers=old))
