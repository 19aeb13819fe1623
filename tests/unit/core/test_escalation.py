"""The hand-off and its ladder, rung by rung, to a claim at the last moment or to its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.escalation import hand_over, next_rung, rung_timer
from bot.core.speech import Speaker
from bot.core.words import ENGLISH
from bot.domain.conversation import Timer
from bot.domain.errors import TransitionRefused
from bot.domain.handoff import Rung
from bot.domain.message import HandoffCard, Text
from tests.fakes.clock import START
from tests.unit.core.house import ADA, RETURNS, ROOM, STAFF_ROOM, House, line
from tests.unit.core.test_router import turn

MINUTE = timedelta(minutes=1)
LAST_WAIT = timedelta(hours=8)
LONG = timedelta(days=60)


def three_rungs(house: House) -> None:
    """The open hand-off with a ladder of three, as a line with that rule would have opened it."""
    held = house.conversation()
    assert held.handoff is not None
    rungs = tuple(Rung(team=t, means="room", wait=10 * MINUTE) for t in ("one", "two", "three"))
    house.truth.world.conversations[held.id] = replace(
        held, handoff=replace(held.handoff, ladder=rungs)
    )


async def waiting() -> House:
    quiet = line(rung_wait=10 * MINUTE, staff_room=STAFF_ROOM, quiet_reminder=None, silence=LONG)
    house = House(quiet)
    await house.say("human please")
    return house


async def tick(house: House, after: timedelta) -> int:
    house.clock.advance(after)
    fired = await house.clockwork.tick()
    await house.run()
    return fired


def states(house: House) -> list[str]:
    rows = [row for row in house.channel.shown if row.address == STAFF_ROOM]
    return [p.state for row in rows for p in row.parts if isinstance(p, HandoffCard)]


async def test_three_rungs_to_exhaustion():
    house = await waiting()
    three_rungs(house)
    assert await tick(house, 10 * MINUTE - timedelta(seconds=1)) == 0
    for rung in (1, 2):
        assert await tick(house, 10 * MINUTE) == 1
        held = house.conversation()
        assert held.handoff is not None
        assert (held.holder, held.version, held.handoff.rung) == ("waiting", 2, rung)
        assert house.told()[-1] == ENGLISH["still_looking"]
    assert await tick(house, 10 * MINUTE) == 1
    held = house.conversation()
    assert held.handoff is not None
    assert (held.holder, held.version, held.handoff.outcome) == ("bot", 3, "exhausted")
    assert house.told()[-1] == ENGLISH["exhausted"]
    assert states(house) == ["waiting", "waiting", "waiting", "bot"]
    assert await tick(house, timedelta(days=2)) == 0
    with pytest.raises(TransitionRefused) as refused:
        await house.desk.act(held.handoff.id, "claim", ADA)
    assert refused.value.code == "not_waiting"


async def test_the_usual_ladder_waits_for_hours_before_it_ends():
    house = await waiting()
    assert await tick(house, 10 * MINUTE) == 1
    assert await tick(house, LAST_WAIT - timedelta(seconds=1)) == 0
    assert await tick(house, timedelta(seconds=1)) == 1
    assert house.conversation().holder == "bot"
    await house.say(RETURNS.question)
    assert house.told()[-1] == "By post."


async def test_a_claim_at_the_last_moment_stops_the_ladder():
    house = await waiting()
    house.clock.advance(10 * MINUTE)
    await house.desk.act(house.handoff, "claim", ADA)
    assert await tick(house, timedelta()) == 1
    assert house.conversation().holder == "human"
    assert ENGLISH["still_looking"] not in house.told()
    assert await tick(house, timedelta(days=1)) == 0


async def test_a_timer_of_an_older_version_or_another_kind_does_nothing():
    house = await waiting()
    held = house.conversation()
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.act(house.handoff, "release", ADA)
    async with house.truth.transaction() as transaction:
        old = Timer(kind="rung", conversation=held.id, due_at=START, version=held.version)
        await transaction.timers.set(old)
        now = house.conversation().version
        other = Timer(kind="reminder", conversation=held.id, due_at=START, version=now)
        await transaction.timers.set(other)
    before = house.conversation()
    assert await house.clockwork.tick() == 2
    assert house.conversation() == before


async def test_a_release_starts_the_ladder_again_and_tells_the_customer_once():
    house = await waiting()
    assert await tick(house, 10 * MINUTE) == 1
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.act(house.handoff, "release", ADA)
    await house.run()
    held = house.conversation()
    assert held.handoff is not None
    assert (held.holder, held.handoff.rung) == ("waiting", 0)
    assert house.told().count(ENGLISH["released"]) == 1
    assert await tick(house, 10 * MINUTE - timedelta(seconds=1)) == 0
    assert await tick(house, timedelta(seconds=1)) == 1
    assert house.told()[-1] == ENGLISH["still_looking"]


async def test_a_ladder_goes_on_when_its_line_has_left_the_settings():
    house = await waiting()
    house.lines._lines.clear()
    assert await tick(house, 10 * MINUTE) == 1
    assert house.told()[-1] == ENGLISH["still_looking"]


async def test_a_broken_timer_does_not_hold_up_the_others():
    house = await waiting()
    held = house.conversation()
    other = replace(ROOM, room="r2")
    await house.say("human please", room=other)
    assert held.handoff is not None
    broken = replace(held, handoff=replace(held.handoff, ladder=(), rung=-2))
    house.truth.world.conversations[held.id] = broken
    assert await tick(house, 10 * MINUTE) == 2
    assert house.told(other)[-1] == ENGLISH["still_looking"]
    house.truth.world.conversations[held.id] = held
    assert await tick(house, MINUTE) == 1
    assert house.told()[-1] == ENGLISH["still_looking"]


async def test_a_broken_timer_that_has_moved_on_is_not_set_again():
    house = await waiting()
    timer = next(iter(house.truth.world.timers.values()))
    await house.clockwork._put_off(replace(timer, version=timer.version + 1))
    assert next(iter(house.truth.world.timers.values())) == timer


def test_the_ladder_is_copied_from_the_line():
    outcome = hand_over(turn(Text(text="why")), line(team="care", rung_wait=MINUTE), "rule")
    handoff = outcome.conversation.handoff
    assert handoff is not None
    assert [(r.team, r.wait) for r in handoff.ladder] == [("care", MINUTE), ("care", LAST_WAIT)]
    assert outcome.decision == "handoff_rule"
    assert outcome.later == (rung_timer(outcome.conversation, START),)
    assert {row.holder_version for row in outcome.say} == {outcome.conversation.version}


async def test_the_summary_is_the_customers_last_words():
    house = House()
    for words in ("first", RETURNS.question, RETURNS.question, "x" * 500, "a human, now"):
        await house.say(words)
        house.clock.advance(MINUTE)
    handoff = house.conversation().handoff
    assert handoff is not None
    assert len(handoff.summary) <= 400
    assert handoff.summary.startswith(RETURNS.question)
    assert "first" not in handoff.summary
    assert handoff.tried == (RETURNS.question,)


def test_a_ladder_needs_a_handoff():
    held = turn().conversation
    with pytest.raises(ValueError, match="ladder"):
        rung_timer(held, START)
    with pytest.raises(ValueError, match="hand-off"):
        next_rung(held, line(), START, Speaker(held, cause="c", trace="t"))
