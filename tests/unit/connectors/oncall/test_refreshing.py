"""Calendars from files and over HTTP: read by one, shared by all, the last good copy kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.connectors.oncall import fetching
from bot.connectors.oncall.fetching import LARGEST, Partly, read
from bot.connectors.oncall.refreshing import Refresher, ailing
from bot.connectors.oncall.roster import Roster
from bot.connectors.oncall.section import Source
from bot.domain.contact import Person
from bot.domain.errors import ConnectorError
from bot.domain.oncall import Shift, Team
from tests.fakes.clock import FakeClock
from tests.fakes.oncall import FakeCalendarCopies
from tests.unit.connectors.oncall.calendars import PAGERDUTY, one

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "token-of-nobody"  # noqa: S105  nobody's
ADA = Person(id="ada", name="Ada Lovelace", email="ada@example.org")
EVERY = timedelta(minutes=5)


class Feed:
    """A calendar on a server that may have troubles."""

    def __init__(self) -> None:
        self.status, self.body, self.asked = 200, PAGERDUTY, 0

    async def get(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(status=self.status, body=self.body)


@pytest.fixture
async def feed() -> Feed:
    return Feed()


@pytest.fixture
async def source(feed: Feed) -> AsyncIterator[Source]:
    application = web.Application()
    application.router.add_get("/on.ics", feed.get)
    async with TestServer(application) as server:
        place = str(server.make_url(f"/on.ics?key={SECRET}"))
        yield Source(name="c", key="teams.support.calendars.0", place=place)


class Staff:
    async def people(self) -> tuple[Person, ...]:
        return (ADA,)


def refresher(source: Source, clock: FakeClock, copies: FakeCalendarCopies) -> Refresher:
    roster = Roster([Team(name="support", calendars=("c",))])
    return Refresher(
        roster, sources=[source], copies=copies, people=Staff(), clock=clock, every=EVERY
    )


def on(made: Refresher, at: datetime = NOW) -> list[str]:
    return [duty.person.id for duty in made.roster.now("support", at).people]


async def test_a_calendar_is_read_by_one_and_known_to_all(
    feed: Feed, source: Source, clock: FakeClock
):
    copies = FakeCalendarCopies()
    one, two = refresher(source, clock, copies), refresher(source, clock, copies)
    await one()
    await two()
    assert (on(one), on(two), feed.asked) == (["ada"], ["ada"], 1)
    clock.advance(EVERY)
    await two()
    assert feed.asked == 2


@pytest.mark.parametrize(
    "trouble",
    [
        (500, b"", "answers 500"),
        (404, b"", "answers 404"),
        (200, b"<html>Sign in", "not an iCal"),
        (200, b"x" * (LARGEST + 1), "larger than 5 MB"),
        (200, b"x" * (50 << 20), "larger than 5 MB"),
    ],
)
async def test_a_feed_in_trouble_keeps_the_last_good_copy_and_says_so(
    feed: Feed,
    source: Source,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    trouble: tuple[int, bytes, str],
):
    copies = FakeCalendarCopies()
    made = refresher(source, clock, copies)
    counted: list[int] = []
    made._ailing = counted.append
    await made()
    feed.status, feed.body, words = trouble
    clock.advance(EVERY)
    await made()
    assert on(made) == ["ada"]
    assert counted == [0, 1]
    (fault,) = ailing([source], await copies.states())
    assert words in fault
    assert "the copy of 2026-03-02 09:00 UTC is used" in fault
    assert SECRET not in fault + caplog.text
    assert "calendar_failed" in caplog.text
    feed.status, feed.body = 200, PAGERDUTY
    clock.advance(EVERY)
    await made()
    assert counted[-1] == 0


async def test_a_feed_that_never_came_calls_nobody_and_says_so(clock: FakeClock):
    nowhere = Source(name="c", key="teams.support.calendars.0", place="http://127.0.0.1:9/x")
    copies = FakeCalendarCopies()
    made = refresher(nowhere, clock, copies)
    await made()
    assert on(made) == []
    (fault,) = ailing([nowhere], await copies.states())
    assert "cannot be reached" in fault
    assert "calls nobody" in fault


async def test_what_can_be_read_of_an_odd_calendar_counts(clock: FakeClock):
    shifts = (Shift(start=NOW, end=NOW + EVERY, title="Ada Lovelace"),)

    async def partly(_source: Source, _now: datetime) -> tuple[Shift, ...]:
        raise Partly("1 of its entries cannot be read", shifts)

    source, copies = Source(name="c", key="k", place="p"), FakeCalendarCopies()
    made = refresher(source, clock, copies)
    made._read = partly
    await made()
    assert on(made) == ["ada"]
    (fault,) = ailing([source], await copies.states())
    assert "1 of its entries" in fault


async def test_files(tmp_path: Path):
    file = tmp_path / "on.ics"
    file.write_bytes(PAGERDUTY)
    for place in (str(file), f"file://{file}"):
        assert len(await read(Source(name="c", key="k", place=place), NOW)) == 2
    file.write_bytes(PAGERDUTY.replace(b"20260302T080000Z", b"soon"))
    with pytest.raises(Partly):
        await read(Source(name="c", key="k", place=str(file)), NOW)
    with file.open("wb") as sparse:
        sparse.truncate(50 << 20)
    with pytest.raises(ConnectorError, match="larger than 5 MB"):
        await read(Source(name="c", key="k", place=str(file)), NOW)
    with pytest.raises(ConnectorError, match="No such file"):
        await read(Source(name="c", key="k", place=str(tmp_path / "none")), NOW)


async def test_a_feed_whose_every_entry_is_odd_keeps_the_last_good_copy(
    feed: Feed, source: Source, clock: FakeClock
):
    copies = FakeCalendarCopies()
    made = refresher(source, clock, copies)
    await made()
    feed.body = one("SUMMARY:no time")
    clock.advance(EVERY)
    await made()
    assert on(made) == ["ada"]
    (fault,) = ailing([source], await copies.states())
    assert "none of its entries can be read" in fault


@pytest.mark.parametrize("place", ["http://[::1", "~nobody-has-this-login/on.ics", "\0.ics", "/"])
async def test_a_place_that_is_none_is_told_like_any_other_trouble(place: str):
    with pytest.raises(ConnectorError):
        await read(Source(name="c", key="k", place=place), NOW)


async def test_one_feed_that_fails_or_hangs_holds_up_no_other(clock: FakeClock):
    second = asyncio.Event()

    async def odd(source: Source, _now: datetime) -> tuple[Shift, ...]:
        if source.name == "a":
            await second.wait()
            raise RuntimeError(SECRET)
        second.set()
        return (Shift(start=NOW, end=NOW + EVERY, title="Ada Lovelace"),)

    sources = [Source(name=n, key=n, place=n) for n in ("a", "c")]
    copies = FakeCalendarCopies()
    made = refresher(sources[1], clock, copies)
    made._sources, made._read = tuple(sources), odd
    await asyncio.wait_for(made(), 5)
    assert on(made) == ["ada"]
    assert ailing(sources, await copies.states()) == [
        "a: a fault (RuntimeError); there is no earlier copy, so it calls nobody"
    ]


async def test_reading_has_a_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    file = tmp_path / "on.ics"
    file.write_bytes(PAGERDUTY)
    source = Source(name="c", key="k", place=str(file))
    monkeypatch.setattr(fetching, "_READ_S", 0.001)
    with pytest.raises(ConnectorError, match="takes longer"):
        await read(source, NOW)
    monkeypatch.setattr(fetching, "_READ_S", 30)
    monkeypatch.setattr(fetching, "_CHILD", ("false",))
    with pytest.raises(ConnectorError, match="has failed"):
        await read(source, NOW)
