"""A ladder over the whole program, killed on its way up; and who is on call, told and checked."""

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.storage import SystemClock
from tests.doubles.callouts import CalloutService, callout_service
from tests.support.house import House, open_house
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

PATIENCE_S = 30
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//PagerDuty//PagerDuty//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260105T090000
DTEND;TZID=Europe/Berlin:20260112T090000
RRULE:FREQ=WEEKLY
SUMMARY:On Call - Ada Lovelace - Support
END:VEVENT
END:VCALENDAR
"""
SETTINGS = """
[teams.support]
calendars = ["{calendar}"]
time_zone = "Europe/Berlin"

[[ladders.usual.rungs]]
team = "support"
means = "webhook"
callout = "pager"
wait_minutes = 0.1

[[ladders.usual.rungs]]
team = "support"
means = "sms"
wait_minutes = 5

[[ladders.usual.rungs]]
team = "support"
means = "webhook"
callout = "pager"
wait_minutes = 0.1

[ladders.usual]
fallback = "callback"

[oncall]
sms = "twilio:+15550100"

[callouts.pager]
url = "{url}"
routing_key = "{key}"

[lines.shop]
title = "the shop"
kb = "shop"
ladder = "usual"
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


def furnish(house: House, url: str) -> str:
    """Settings, a calendar and somebody in it; the routing key."""
    key = secrets.token_hex(8)
    calendar = house.folder / "on.ics"
    calendar.write_text(CALENDAR)
    words = SETTINGS.format(calendar=calendar, url=url, key=key)
    # a table before the list that belongs to it
    fallback = '[ladders.usual]\nfallback = "callback"\n'
    words = words.replace(fallback, "").replace("[[ladders", f"{fallback}\n[[ladders", 1)
    (house.data / "careline.toml").write_text(words)
    return key


async def until(come: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not come():  # noqa: ASYNC110  another process does it
            await asyncio.sleep(0.05)


async def until_called(service: CalloutService, times: int) -> None:
    await until(lambda: len(service.incidents()) >= times)


async def test_a_ladder_outlives_the_program_and_calls_nobody_twice(house: House):
    async with callout_service() as service:
        key = furnish(house, service.url)
        program = await asyncio.to_thread(house.program(name="first").start)
        added = ("staff", "add", "ada", "--name", "Ada Lovelace", "--phone", "+491")
        assert (await asyncio.to_thread(program.command, *added)).returncode == 0
        async with visitor(program.base) as customer:
            await customer.say("can I talk to a person please")
            await customer.hears("I have asked a person to join", author="system")
            await customer.hears("I am calling", author="system")
        await until_called(service, 1)
        await asyncio.to_thread(program.kill)
        again = await asyncio.to_thread(house.program(name="second").start)
        await until_called(service, 2)
        await until(lambda: set(service.incidents().values()) == {"resolve"})
        keys = [e["dedup_key"] for e in service.events if e["event_action"] == "trigger"]
        assert len(set(keys)) == 2
        assert all("talk to" not in json.dumps(event) for event in service.events)
        assert key not in program.said() + again.said()
        assert again.stop() == 0


async def test_who_is_on_call_is_told_and_checked(house: House):
    furnish(house, "http://127.0.0.1:9/")
    program = house.program(name="telling")
    added = ("staff", "add", "ada", "--name", "Ada Lovelace")
    await asyncio.to_thread(program.command, *added)
    today = SystemClock().now().date()
    monday = today + timedelta(days=7 - today.weekday())
    told = await asyncio.to_thread(program.command, "oncall", "--at", f"{monday}T08:59")
    assert told.returncode == 0
    assert told.stdout.startswith(
        f"support: Ada Lovelace until Mon {monday} 09:00 Europe/Berlin (calendar)"
    )
    long_ago = await asyncio.to_thread(program.command, "oncall", "--at", "2020-01-01")
    assert "! --at: calendars are kept from" in long_ago.stdout
    (house.folder / "on.ics").write_text("<html>Sign in")
    asked = await asyncio.to_thread(program.command, "oncall", "--json", "--team", "support")
    found = json.loads(asked.stdout)
    assert [person["id"] for person in found["teams"][0]["people"]] == ["ada"]
    checked = await asyncio.to_thread(program.command, "check")
    assert "Traceback" not in asked.stderr + checked.stderr
    wrong = await asyncio.to_thread(program.command, "oncall", "--team", "care")
    assert (wrong.returncode, "there is no team care" in wrong.stderr) == (2, True)
