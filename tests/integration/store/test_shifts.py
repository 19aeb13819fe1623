"""Who is called, by calendars that change while a ladder climbs, over a real PostgreSQL."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.connectors.oncall.refreshing import Refresher
from bot.connectors.oncall.roster import Roster
from bot.connectors.oncall.section import Source
from bot.core.commit import Commit
from bot.core.words import ENGLISH
from bot.domain.contact import Person
from bot.domain.handoff import Ladder, Rung
from bot.domain.hours import Hours, Opening
from bot.domain.oncall import Team
from bot.store.calendars import PostgresCalendars
from bot.store.postgres import PostgresStore
from tests.fakes.channel import FakeChannel, FakeInsideChannel
from tests.fakes.clock import START
from tests.integration.store.test_every_cell import MINUTE, Shop
from tests.unit.core.house import ROOM, line
from tests.unit.core.test_ladder import ADA, BEN, CLEO

pytestmark = pytest.mark.integration

RUNG = Rung(team="support", means="direct", wait=10 * MINUTE)
EVERY = timedelta(minutes=5)
OFFICE = Hours(
    zone="Europe/Berlin", openings=(Opening(days=(0, 1, 2, 3, 4), start=time(9), end=time(17)),)
)


def calendar(*shifts: tuple[str, int, int]) -> bytes:
    """Shifts of people from one minute after the start to another, as PagerDuty writes them."""
    entries = [
        "BEGIN:VEVENT\r\n"
        f"UID:Q{number}@pagerduty.com\r\nDTSTAMP:20260301T000000Z\r\n"
        f"DTSTART;VALUE=DATE-TIME:{_moment(since)}\r\nDTEND;VALUE=DATE-TIME:{_moment(until)}\r\n"
        f"SUMMARY:On Call - {name} - Support\r\nEND:VEVENT\r\n"
        for number, (name, since, until) in enumerate(shifts)
    ]
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//PagerDuty//PagerDuty//EN\r\n"
    return f"{head}{''.join(entries)}END:VCALENDAR\r\n".encode()


def _moment(minute: int) -> str:
    return f"{START + minute * MINUTE:%Y%m%dT%H%M%SZ}"


class Staff:
    async def people(self) -> tuple[Person, ...]:
        return (ADA, BEN, CLEO)


class OnCallShop(Shop):
    """A shop whose people are on call by files that somebody may change."""

    @classmethod
    def on(cls, store: PostgresStore, folder: Path, team: Team, **how: object) -> "OnCallShop":
        ladder = Ladder(rungs=(RUNG, RUNG, RUNG), fallback="callback")
        made = cls(line(ladder=ladder, **how), store=store,
                   channels=(FakeChannel(), FakeInsideChannel()))  # fmt: skip
        made.folder = folder
        roster = Roster([team])
        sources = [
            Source(name=name, key=name, place=str(folder / name))
            for name in (*team.calendars, *team.overrides)
        ]
        copies = PostgresCalendars(store.database)
        made.refresh = Refresher(
            roster, sources=sources, copies=copies, people=Staff(), clock=made.clock, every=EVERY
        )
        made.oncall = roster  # type: ignore[assignment]  # the real one
        made.commits(Commit(made.channels))
        return made

    folder: Path
    refresh: Refresher

    async def later(self, minutes: int) -> None:
        """Time passes: calendars are read again, what is due is done, and sent."""
        self.clock.advance(minutes * MINUTE)
        await self.refresh()
        await self.clockwork.tick()
        async with self.store.transaction() as transaction:
            late = START.replace(year=2100)  # rows are as old as the database says
            rooms = await transaction.outbox.left_behind(late, timedelta())  # type: ignore[attr-defined]  # PostgreSQL's
        for room in rooms:
            await self.delivery.deliver(room)

    def pinged(self) -> list[str]:
        return [row.address.room for row in self.channel.shown if row.key.startswith("ping:")]

    def said(self) -> list[str]:
        return [row.text() for row in self.channel.shown if row.address == ROOM]


async def test_a_shift_change_and_an_override_between_rungs(
    live_store: PostgresStore, tmp_path: Path
):
    team = Team(name="support", calendars=("primary.ics",), overrides=("override.ics",))
    (tmp_path / "primary.ics").write_bytes(calendar(("Ada", -60, 5), ("Ben", 5, 600)))
    (tmp_path / "override.ics").write_bytes(calendar())
    shop = OnCallShop.on(live_store, tmp_path, team)
    await shop.writes("a human please")
    opened = (await shop.held()).handoff
    assert opened is not None
    await shop.later(0)
    await shop.later(10)
    (tmp_path / "override.ics").write_bytes(calendar(("Cleo", 12, 600)))
    await shop.later(10)
    assert shop.pinged() == ["dm-ada", "dm-ben", "dm-cleo"]
    handoff = (await shop.held()).handoff
    assert handoff is not None
    assert handoff.ladder == opened.ladder == (RUNG, RUNG, RUNG)
    assert [(c.person, _minutes(c.at)) for c in handoff.calls] == [
        ("ada", 0), ("ben", 10), ("cleo", 20),
    ]  # fmt: skip


async def test_a_broken_feed_between_rungs_still_calls_whom_it_named(
    live_store: PostgresStore, tmp_path: Path
):
    team = Team(name="support", calendars=("primary.ics",))
    (tmp_path / "primary.ics").write_bytes(calendar(("Ada", -60, 5), ("Ben", 5, 600)))
    shop = OnCallShop.on(live_store, tmp_path, team)
    await shop.writes("a human please")
    await shop.later(0)
    (tmp_path / "primary.ics").write_bytes(b"<html>Sign in</html>")
    await shop.later(10)
    (tmp_path / "primary.ics").unlink()
    await shop.later(10)
    assert shop.pinged() == ["dm-ada", "dm-ben", "dm-ben"]


async def test_out_of_hours(live_store: PostgresStore, tmp_path: Path):
    shop = OnCallShop.on(live_store, tmp_path, Team(name="support", hours=OFFICE), hours=OFFICE)
    shop.clock.advance(timedelta(hours=-12))  # Sunday evening
    await shop.later(0)
    await shop.writes("a human please")
    await shop.later(0)
    back = "tomorrow at 09:00 (Berlin time)"
    assert ENGLISH["handed_over_closed"].format(back=back) in shop.said()
    assert shop.pinged() == []
    held = await shop.held()
    assert (held.holder, held.handoff_state()) == ("bot", "callback")
    assert f"Our people are back {back}." in shop.said()[-1]
    await shop.later(12 * 60)  # Monday, ten in Berlin
    await shop.writes("a human please")
    await shop.later(0)
    assert sorted(shop.pinged()) == ["dm-ada", "dm-ben", "dm-cleo"]


async def test_in_a_gap_of_the_calendar_nobody_is_called_and_the_customer_is_told(
    live_store: PostgresStore, tmp_path: Path
):
    team = Team(name="support", calendars=("primary.ics",))
    (tmp_path / "primary.ics").write_bytes(calendar(("Ada", -60, 5), ("Ben", 45, 600)))
    shop = OnCallShop.on(live_store, tmp_path, team)
    await shop.writes("a human please")
    await shop.later(0)
    await shop.later(10)
    assert shop.pinged() == ["dm-ada"]
    assert (await shop.held()).handoff_state() == "callback"
    assert "Our people are back today at 09:45 (UTC)." in shop.said()[-1]


def _minutes(at: datetime) -> int:
    return int((at - START) / MINUTE)
