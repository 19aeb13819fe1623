"""A talk through a staff thread on PostgreSQL, a channel at either end, and a process that dies.

The thread is found by its keyed hash, every step is one commit, and what a killed process left is
done by the next: nothing is lost, nothing comes twice, and the order is that of the talk.
"""

from datetime import timedelta

import pytest
from sqlalchemy import text
from typing_extensions import override

from bot.core import staff_words as words
from bot.domain.conversation import Conversation, Entry
from bot.domain.errors import Refused, TryLater
from bot.domain.message import Address, Inbound, Mark, Text
from bot.domain.ports import Job
from bot.store.database import Database
from bot.store.postgres import PostgresStore
from tests.fakes.clock import START
from tests.integration.store.conftest import jobs
from tests.integration.store.test_ladder_journeys import Killed
from tests.unit.core.house import ADA, BEN, EVE, ROOM, Crash
from tests.unit.core.two_ends import DESK, TwoEnds, at_team, edit, hints, pressed, write

pytestmark = pytest.mark.integration
LATE = START.replace(year=2100)
"""Rows are as old as the database says."""


class Ends(TwoEnds):
    """The two ends over a real store; what can be seen is read whenever the work is done."""

    def __init__(self, store: PostgresStore) -> None:
        super().__init__(store=store)
        self.pg = store
        self.held: Conversation | None = None
        self.said: tuple[Entry, ...] = ()

    @override
    async def run(self) -> None:
        while work := await self._jobs():
            for job in work:
                await self.work(job)
        await self.look()

    async def _jobs(self) -> list[Job]:
        found = await jobs(self.pg.database)
        async with self.pg.database.begin() as connection:
            await connection.execute(text("DELETE FROM tests.jobs"))
        return found

    async def look(self) -> None:
        async with self.pg.reading() as reading:
            self.held = await reading.conversations.at(ROOM)
            if self.held is not None:
                self.said = await reading.transcript.read(self.held.id, limit=1000)

    async def revive(self) -> None:
        """Another process finds what is undone and unsent, and does it."""
        await self._jobs()
        async with self.pg.transaction() as transaction:
            for room in await transaction.events.left_behind(0):
                await transaction.later(Job(kind="handle", room=room))
            for room in await transaction.outbox.left_behind(LATE, timedelta()):
                await transaction.later(Job(kind="deliver", room=room))
        await self.run()

    @override
    def conversation(self, room: Address = ROOM) -> Conversation:
        assert room == ROOM
        assert self.held is not None
        return self.held

    @override
    def transcript(self, room: Address = ROOM) -> list[Entry]:
        return list(self.said)


@pytest.fixture
async def ends(live_store: PostgresStore) -> Ends:
    house = Ends(live_store)
    for person in (ADA, BEN, EVE):
        await house.staff.put(at_team(person))
    await house.say("a human please")
    return house


async def test_a_talk_from_the_card_to_the_end(ends: Ends, database: Database):
    await ends.say("are you there?")
    await pressed(ends, "claim")
    await pressed(ends, "claim", by="ben")
    assert hints(ends, "ben") == ["Ada has this conversation."]
    first = await write(ends, "It costs 40.")
    await write(ends, "// tell them the price")
    await write(ends, "me too", by="ben")
    await edit(ends, first, "It costs 45.")
    changed = ends.channel.shown[-1]
    assert changed.text() == "It costs 45."
    assert changed.target is not None
    await ends.say("thank you")
    await pressed(ends, "resolve")
    assert ends.in_thread() == ["are you there?", "thank you"]
    assert ends.told()[2:5] == ["Ada has joined and will talk to you now.", *ends.told()[3:5]]
    assert [e.text() for e in ends.said if e.kind == "note"] == ["tell them the price", "me too"]
    assert (ends.conversation().holder, ends.cards()[-1][1].state) == ("closed", "closed")
    await write(ends, "too late")
    assert hints(ends)[-1] == words.OVER
    async with database.begin() as connection:
        found = (await connection.execute(text("SELECT thread FROM handoffs"))).scalar_one()
    assert found
    assert DESK.room not in found


async def test_refusals_and_long_waits_are_told_in_the_thread(ends: Ends):
    await pressed(ends, "claim")
    ends.channel.fail(Refused("the number is blocked", remedy="Call them."))
    await write(ends, "Hello.")
    assert ends.in_thread()[-1] == (
        "Not delivered to the customer: the number is blocked. Call them."
    )
    ends.channel.fail(TryLater(timedelta(seconds=1)))
    await write(ends, "Hello again.")
    ends.clock.advance(timedelta(seconds=2))
    await ends.revive()
    assert ends.told()[-1] == "Hello again."


async def _talk(ends: Ends, number: int) -> None:
    """A customer's words and what Ada does in the thread, all waiting to be worked on."""

    async def event(words: str, **how: str | Address) -> Inbound:
        return await ends.event(Text(text=words), **how)  # type: ignore[arg-type]  # as it takes

    await event(f"question {number}")
    for place, said in enumerate((f"answer {number}", f"// aside {number}")):
        key = f"team:{number}:{place}"
        await event(said, room=ends.thread, sender="ada", key=key)


@pytest.mark.parametrize("committed", [False, True])
async def test_killed_between_any_two_steps_everything_happens_once(ends: Ends, *, committed: bool):
    await pressed(ends, "claim")
    deaths = 0
    for at in range(1, 13):
        await _talk(ends, at)
        doomed = Killed(ends.pg.database, ends.pg._deferral)
        doomed.at, doomed.committed = at, committed
        dying = ends.dying(doomed)
        try:
            while work := await ends._jobs():
                for job in work:
                    await dying.work(job)
        except Crash:
            deaths += 1
        await ends.revive()
    numbers = range(1, 13)
    assert ends.in_thread() == [f"question {n}" for n in numbers]
    assert [t for t in ends.told() if t.startswith("answer")] == [f"answer {n}" for n in numbers]
    notes = [e.text() for e in ends.said if e.kind == "note"]
    assert notes == [f"aside {n}" for n in numbers]
    marks = [row for row in ends.team.shown if row.parts == (Mark(state="delivered"),)]
    assert len(marks) == len(numbers)
    assert deaths >= 10


@pytest.mark.parametrize("committed", [False, True])
async def test_killed_while_the_card_is_sent_the_thread_begins_once(
    live_store: PostgresStore, *, committed: bool
):
    ends = Ends(live_store)
    ends.team.fail(TryLater(timedelta(seconds=1)))
    await ends.say("a human please")
    await ends.say("are you there?")
    ends.clock.advance(timedelta(minutes=1))
    for at in (1, 2):
        doomed = Killed(ends.pg.database, ends.pg._deferral)
        doomed.at, doomed.committed = at, committed
        dying = ends.dying(doomed)
        async with ends.pg.reading() as reading:
            room = reading.room(DESK)
        try:
            await dying.delivery.deliver(room)
        except Crash:
            await ends.look()
    await ends.revive()
    assert ends.thread.thread == "m1"
    assert ends.in_thread() == ["are you there?"]
