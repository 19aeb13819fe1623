"""Who somebody is: asked once in a while, several at the same time, and never waited for long."""

import asyncio
from datetime import timedelta
from typing import Any

from bot.domain.errors import TryLater
from bot.domain.message import Sender
from channels.slack.people import Profiles
from tests.fakes.clock import FakeClock

ANN = {
    "id": "U0ANN",
    "name": "ann",
    "locale": "fr-FR",
    "tz": "Europe/Paris",
    "profile": {"display_name": "", "real_name": "Ann B.", "email": "ann@example.org"},
}


class Slack:
    """Answers `users.info`; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.away = False
        self.meeting: asyncio.Barrier | None = None

    async def __call__(self, user: str) -> dict[str, Any]:
        self.asked.append(user)
        if self.away:
            raise TryLater(timedelta(seconds=1))
        if self.meeting is not None:
            await self.meeting.wait()
        return {**ANN, "id": user}


async def test_a_profile_tells_name_language_zone_and_address():
    found = await Profiles(Slack(), FakeClock()).sender("U0ANN")
    assert found == Sender(
        handle="U0ANN",
        name="Ann B.",
        locale="fr-FR",
        zone="Europe/Paris",
        email="ann@example.org",
    )


async def test_it_is_remembered_for_an_hour():
    slack, clock = Slack(), FakeClock()
    profiles = Profiles(slack, clock)
    for _ in range(3):
        await profiles.sender("U0ANN")
    clock.advance(timedelta(minutes=61))
    await profiles.sender("U0ANN")
    assert slack.asked == ["U0ANN", "U0ANN"]


async def test_while_slack_does_not_say_they_have_no_name_for_a_minute():
    slack, clock = Slack(), FakeClock()
    profiles = Profiles(slack, clock)
    slack.away = True
    assert await profiles.sender("U0ANN") == Sender(handle="U0ANN")
    slack.away = False
    assert (await profiles.sender("U0ANN")).name is None
    clock.advance(timedelta(seconds=61))
    assert (await profiles.sender("U0ANN")).name == "Ann B."


async def test_several_are_asked_for_at_the_same_time_and_ten_at_most():
    slack = Slack()
    slack.meeting = asyncio.Barrier(10)
    found = await Profiles(slack, FakeClock()).senders([f"U{n}" for n in range(30)])
    assert len(found) == 10
    assert {one.name for one in found.values()} == {"Ann B."}
