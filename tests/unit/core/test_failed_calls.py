"""Calls that do not arrive: refused for good, or so late that nobody is wanted any more."""

from datetime import timedelta

import pytest

from bot.core.filters import CANCEL
from bot.core.pings import CALLOUT
from bot.domain.errors import Refused, TryLater
from tests.fakes.oncall import FakeShift
from tests.unit.core.test_ladder import (
    ADA,
    BEN,
    CLEO,
    MINUTE,
    RUNGS,
    WAIT,
    house,
    notes,
    pings,
    tick,
)


async def test_a_call_that_is_refused_is_passed_on_at_once():
    made = house(RUNGS[1], RUNGS[0])
    made.channels["sms"].fail(Refused("blocked"))
    await made.say("human please")
    await tick(made)
    assert pings(made) == ["sms/+4930/+493"]
    assert await tick(made, timedelta(seconds=1)) == 1
    assert pings(made)[1:] == ["fake/team/dm-ada"]
    assert await tick(made, WAIT - timedelta(seconds=1)) == 0  # that one has its whole wait
    assert "blocked" in notes(made)[1]


async def test_a_refused_call_is_waited_for_where_somebody_else_was_called_too():
    made = house(RUNGS[1], RUNGS[0])
    made.oncall.teams["second"] = [FakeShift(person=CLEO), FakeShift(person=ADA)]
    made.channels["sms"].fail(Refused("blocked"))
    await made.say("human please")
    await tick(made)
    assert await tick(made, timedelta(seconds=1)) == 0


async def test_a_call_that_is_refused_late_moves_nothing():
    made = house(RUNGS[1], RUNGS[0])
    made.channels["sms"].fail(TryLater(WAIT + MINUTE))
    await made.say("human please")
    await tick(made)
    assert await tick(made, WAIT) == 1
    made.channels["sms"].fail(Refused("blocked"))
    made.clock.advance(2 * MINUTE)
    made.sweep()
    await made.run()
    assert "refused" in made.states()
    assert await tick(made) == 0


@pytest.mark.parametrize("act", ["claim", "cancel"])
async def test_a_call_that_had_to_wait_wakes_nobody_in_vain(act: str):
    made = house(RUNGS[1])
    made.channels["sms"].fail(TryLater(MINUTE))
    await made.say("human please")
    await tick(made)
    if act == "claim":
        await made.desk.act(made.handoff, "claim", BEN)
    else:
        await made.press(CANCEL)
    await tick(made, MINUTE)
    made.sweep()
    await made.run()
    assert made.channels["sms"].shown == []
    assert "dropped" in made.states()


async def test_news_of_a_call_that_are_refused_leave_no_note():
    made = house(RUNGS[2])
    await made.say("human please")
    await tick(made)
    made.channels[CALLOUT].fail(Refused("gone"))
    await made.desk.act(made.handoff, "claim", BEN)
    before = len(notes(made))
    await made.run()
    assert "refused" in made.states()
    assert len(notes(made)) == before
