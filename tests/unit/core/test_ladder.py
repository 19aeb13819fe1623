"""A ladder with people on it: called rung by rung, by whoever is on call then, to its fallback."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.callback import NO_CALLBACK
from bot.core.filters import CANCEL
from bot.core.pings import CALLOUT
from bot.core.words import ENGLISH
from bot.domain.contact import Person
from bot.domain.errors import TransitionRefused
from bot.domain.handoff import Fallback, Ladder, Rung
from bot.domain.hours import Hours
from bot.domain.message import Address, Outbound, Text
from bot.domain.rules import Rule
from tests.fakes.channel import FakeChannel, FakeInsideChannel
from tests.fakes.clock import START
from tests.fakes.oncall import FakeShift
from tests.fakes.reader import FakeReader
from tests.unit.core.house import (
    RETURNS,
    SHIPPED,
    STAFF_ROOM,
    THREAD,
    Crash,
    CrashingStore,
    House,
    line,
)

MINUTE = timedelta(minutes=1)
WAIT = 10 * MINUTE


def chat(person: str) -> Address:
    return Address(channel="fake", account="team", room=f"dm-{person}")


ADA = Person(id="ada", name="Ada", addresses=(chat("ada"),), phone="+491")
BEN = Person(id="ben", name="Ben", addresses=(chat("ben"),))
CLEO = Person(id="cleo", name="Cleo", addresses=(chat("cleo"),), phone="+493")
FAR = Person(id="far", name="Far", addresses=(Address(channel="pigeon", account="a", room="r"),))
NEVER = Hours(zone="Europe/Berlin", openings=())
RUNGS = (
    Rung(team="first", means="direct", wait=WAIT),
    Rung(team="second", means="sms", wait=WAIT),
    Rung(team="third", means="webhook", wait=WAIT, callout="pager"),
)


def house(
    *rungs: Rung, fallback: Fallback = "ticket", rules: Sequence[Rule] = SHIPPED, **more: Any
) -> House:
    ladder = Ladder(rungs=rungs or RUNGS, fallback=fallback)
    made = House(
        line(ladder=ladder, staff_room=STAFF_ROOM, silence=timedelta(days=60), **more),
        channels=(FakeChannel(), FakeChannel("sms"), FakeChannel(CALLOUT), FakeInsideChannel()),
        reader=FakeReader(signals={"self_harm": "ending it"}),
        rules=rules,
    )
    made.oncall.teams = {
        "first": [FakeShift(person=ADA)],
        "second": [FakeShift(person=CLEO)],
        "third": [FakeShift(person=BEN)],
    }
    return made


async def tick(made: House, after: timedelta = timedelta()) -> int:
    made.clock.advance(after)
    fired = await made.clockwork.tick()
    await made.run()
    return fired


def pings(made: House) -> list[str]:
    """Where pings went, over all channels, in the order they were made."""
    rows = [row.outbound for row in made.truth.world.outbox.values()]
    return [_place(row) for row in rows if row.key.startswith("ping:")]


def _place(row: Outbound) -> str:
    changes = "" if row.replaces is None else f" {row.key.rsplit(':', 1)[-1]}"
    return f"{row.address.channel}/{row.address.account}/{row.address.room}{changes}"


def reached(made: House) -> list[tuple[int, str | None, str]]:
    handoff = made.conversation().handoff
    assert handoff is not None
    return [(call.rung, call.person, call.reached) for call in handoff.calls]


def notes(made: House) -> list[str]:
    return [entry.text() for entry in made.transcript() if entry.kind == "note"]


async def test_three_rungs_to_a_ticket():
    made = house()
    await made.say("human please")
    assert pings(made) == []
    assert await tick(made) == 1
    assert pings(made) == ["fake/team/dm-ada"]
    assert made.told()[-1].startswith("I am calling Ada for you now.")
    assert await tick(made, WAIT - timedelta(seconds=1)) == 0
    assert await tick(made, timedelta(seconds=1)) == 1
    assert pings(made)[1:] == ["sms/+4930/+493"]
    assert "I am calling Cleo now" in made.told()[-1]
    assert await tick(made, WAIT) == 1
    service = f"callout/pager/{made.handoff}"
    assert pings(made)[2:] == [service]
    assert made.conversation().holder == "waiting"
    assert await tick(made, WAIT) == 1
    held = made.conversation()
    assert held.handoff is not None
    assert (held.holder, held.handoff.outcome, held.handoff_state()) == (
        "bot",
        "exhausted",
        "ticket",
    )
    assert held.handoff.request is not None
    assert held.handoff.request.number in made.told()[-1]
    assert pings(made)[3:] == [f"{service} bot"]  # nobody need come any more
    assert reached(made) == [(0, "ada", "called"), (1, "cleo", "called"), (2, "ben", "called")]
    assert notes(made)[0] == "Rung 1 of 3 (first, direct): called Ada."
    assert await tick(made, timedelta(days=2)) == 0


async def test_a_claim_at_the_last_moment():
    made = house()
    await made.say("human please")
    await tick(made)
    made.clock.advance(WAIT)
    await made.desk.act(made.handoff, "claim", ADA)
    await tick(made)
    assert made.conversation().holder == "human"
    assert pings(made) == ["fake/team/dm-ada"]


async def test_a_claim_tells_the_service_that_was_called():
    made = house(RUNGS[2])
    await made.say("human please")
    await tick(made)
    await made.desk.act(made.handoff, "claim", BEN)
    await made.desk.act(made.handoff, "resolve", BEN)
    await made.run()
    service = f"callout/pager/{made.handoff}"
    assert pings(made) == [service, f"{service} human", f"{service} closed"]


async def test_a_shift_change_and_an_override_between_two_rungs():
    same = replace(RUNGS[0], team="first")
    made = house(same, same, same)
    change = START + 15 * MINUTE
    made.oncall.teams["first"] = [
        FakeShift(person=ADA, until=change),
        FakeShift(person=BEN, since=change),
    ]
    await made.say("human please")
    await tick(made)
    await tick(made, WAIT)
    made.oncall.teams["first"] = [FakeShift(person=CLEO)]  # an override has come
    await tick(made, WAIT)
    assert pings(made) == ["fake/team/dm-ada", "fake/team/dm-ada", "fake/team/dm-cleo"]
    handoff = made.conversation().handoff
    assert handoff is not None
    assert handoff.ladder == (same, same, same)
    assert [(c.rung, c.person, c.at - START) for c in handoff.calls] == [
        (0, "ada", 0 * MINUTE),
        (1, "ada", 10 * MINUTE),
        (2, "cleo", 20 * MINUTE),
    ]


async def test_a_rung_without_anybody_is_passed_at_once_and_told():
    made = house()
    made.oncall.teams["first"] = []
    await made.say("human please")
    await tick(made)
    assert pings(made) == ["sms/+4930/+493"]
    assert reached(made) == [(0, None, "nobody"), (1, "cleo", "called")]
    assert notes(made)[0] == "Rung 1 of 3 (first, direct): nobody is on call; passed on."


async def test_who_cannot_be_reached_this_way_is_noted_and_passed():
    made = house(*RUNGS[:2])
    made.oncall.teams = {"first": [FakeShift(person=FAR)], "second": [FakeShift(person=BEN)]}
    await made.say("human please")
    await tick(made)
    assert reached(made) == [(0, "far", "unreachable"), (1, "ben", "unreachable")]
    assert made.conversation().handoff_state() == "ticket"


async def test_who_may_not_handle_the_line_is_not_called():
    made = house(RUNGS[0])
    made.oncall.teams["first"] = [FakeShift(person=replace(ADA, lines=("it",)))]
    await made.say("human please")
    await tick(made)
    assert pings(made) == []


async def test_a_room_is_told_whom_it_is_for():
    made = house(replace(RUNGS[0], means="room"))
    made.oncall.teams["first"] = [FakeShift(person=ADA), FakeShift(person=BEN)]
    await made.say("human please")
    await tick(made)
    [row] = [r.outbound for r in made.truth.world.outbox.values() if r.outbound.mention]
    assert (row.address, row.mention) == (STAFF_ROOM, ("ada", "ben"))
    assert "human please" not in row.text()
    assert made.told()[-1].startswith("I am calling our team for you now.")


async def test_a_call_to_the_room_stands_under_its_card_and_offers_nothing_itself():
    made = house(replace(RUNGS[0], means="room"))
    await made.say("human please")
    held = made.conversation()
    assert held.handoff is not None
    threaded = replace(held.handoff, staff_thread=THREAD)
    made.truth.world.conversations[held.id] = replace(held, handoff=threaded)
    await tick(made)
    [row] = [r.outbound for r in made.truth.world.outbox.values() if r.outbound.mention]
    assert (row.address, row.mention) == (THREAD, ("ada",))
    assert all(isinstance(part, Text) for part in row.parts)


async def test_out_of_hours_the_customer_hears_when_people_are_back():
    made = house(RUNGS[0], hours=NEVER, fallback="callback")
    back = START + timedelta(days=3)
    made.oncall.teams["first"] = [FakeShift(person=ADA, since=back)]
    await made.say("human please")
    await tick(made)
    assert made.conversation().holder == "bot"
    assert "Our people are back on" in made.told()[-1]
    assert "Berlin time" in made.told()[-1]


async def test_a_call_back_is_described_by_the_customer_and_done_by_a_person():
    made = house(RUNGS[0], fallback="callback")
    made.oncall.teams["first"] = []
    await made.say("human please")
    await tick(made)
    assert made.conversation().handoff_state() == "callback"
    await made.say(RETURNS.question + "?")
    assert made.told()[-1] == "By post."  # a question is still a question
    await made.say("thanks")
    await made.say("tomorrow after five, 030 123456")
    held = made.conversation()
    assert held.handoff is not None
    assert held.handoff.request is not None
    assert held.handoff.request.wish == "tomorrow after five, 030 123456"
    assert held.handoff.request.number in made.told()[-1]
    assert held.handoff_state() == "callback"
    await made.say("tomorrow it is 5")
    assert made.conversation().handoff == held.handoff  # asked once
    await made.desk.settle(made.handoff, ADA)
    assert made.conversation().handoff_state() == "ended"
    with pytest.raises(TransitionRefused):
        await made.desk.settle(made.handoff, ADA)


async def test_a_call_back_may_be_declined_or_a_person_asked_for_again():
    made = house(RUNGS[0], fallback="callback")
    made.oncall.teams["first"] = []
    await made.say("human please")
    await tick(made)
    first = made.handoff
    await made.say("human please")
    assert made.conversation().holder == "waiting"
    await tick(made)
    await made.press(NO_CALLBACK)
    assert made.told()[-1] == ENGLISH["callback_dropped"]
    assert made.conversation().handoff_state() == "ended"
    # the first one is still owed, although the conversation has gone on
    with pytest.raises(TransitionRefused):
        await made.desk.settle(first, replace(ADA, lines=("it",)))
    await made.desk.settle(first, ADA)
    with pytest.raises(TransitionRefused):
        await made.desk.settle(first, ADA)


async def test_a_customer_who_cancels_is_asked_nothing():
    made = house(fallback="callback")
    await made.say("human please")
    await tick(made)
    await made.press(CANCEL)
    assert made.told()[-1] == ENGLISH["cancelled"]
    assert await tick(made, WAIT) == 1
    assert made.conversation().handoff_state() == "ended"


async def test_a_release_climbs_from_the_first_rung_with_pings_of_its_own():
    made = house()
    await made.say("human please")
    await tick(made)
    await made.desk.act(made.handoff, "claim", ADA)
    made.oncall.teams["first"] = [FakeShift(person=ADA), FakeShift(person=BEN)]
    await made.desk.act(made.handoff, "release", ADA)
    await made.run()
    await tick(made)
    assert pings(made) == ["fake/team/dm-ada", "fake/team/dm-ada", "fake/team/dm-ben"]


async def test_a_claimer_who_is_quiet_is_reminded_and_then_somebody_else_is_called():
    made = house()
    await made.say("human please")
    await tick(made)
    await made.desk.act(made.handoff, "claim", ADA)
    await tick(made, 10 * MINUTE)
    assert [n for n in notes(made) if n.startswith("Ada: the customer has been waiting")]
    assert made.conversation().holder == "human"
    await made.desk.reply(made.handoff, ADA, "One moment", "k1")
    await tick(made, 10 * MINUTE)
    assert made.conversation().holder == "human"  # answered: nobody waits
    await made.say("thanks a lot!")
    await tick(made, 30 * MINUTE)
    assert made.conversation().holder == "human"  # which asks for no answer
    await made.say("still there?")
    await tick(made, 9 * MINUTE)
    await made.say("hello?")
    await tick(made, MINUTE)  # ten minutes after the first unanswered words, not the last
    assert len([n for n in notes(made) if "has been waiting" in n]) == 2
    await tick(made, 10 * MINUTE)
    held = made.conversation()
    assert (held.holder, held.handoff and held.handoff.round) == ("waiting", 1)
    assert made.told().count(ENGLISH["lapsed"].format(name="Ada")) == 1
    await tick(made)
    assert pings(made) == ["fake/team/dm-ada", "fake/team/dm-ada"]


async def test_a_reminder_that_a_colleague_has_made_needless():
    made = house()
    await made.say("human please")
    await tick(made)
    await made.desk.act(made.handoff, "claim", ADA)
    await tick(made, 9 * MINUTE)
    await made.desk.act(made.handoff, "take_over", BEN)
    await tick(made, MINUTE)
    assert not [n for n in notes(made) if "has been waiting" in n]


async def test_a_process_killed_between_any_two_steps_pings_nobody_twice():
    step = 1
    while await _survives(step, committed=False) and await _survives(step, committed=True):
        step += 1
    assert step > 5


async def _survives(at: int, *, committed: bool) -> bool:
    """Kill the clockwork at one of its commits, go on as another process; was it killed?"""
    made = house()
    await made.say("human please")
    crashing = CrashingStore(made.truth, at, committed=committed)
    made.clockwork._store = crashing
    made.delivery._store = crashing
    killed = False
    for _ in range(5):
        try:
            await tick(made, WAIT)
        except Crash:
            killed = True
            made.truth.die()
            made.truth = made.truth.twin()
            made.clockwork._store = made.delivery._store = made.truth
            made.sweep()
            await made.run()
            await tick(made)
    held = made.conversation()
    assert held.handoff_state() == "ticket"
    assert len(pings(made)) == 4
    for channel in made.channels.values():
        keys = [row.key for row in channel.started if row.key.startswith("ping:")]
        shown = [row.key for row in channel.shown]
        assert len(shown) == len(set(shown))
        assert set(keys) <= set(shown)
    assert len(made.told()) == len(set(made.told()))
    return killed
