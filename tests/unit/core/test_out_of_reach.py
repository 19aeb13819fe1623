"""Where a claimer who is quiet is told so."""

from dataclasses import replace

from tests.unit.core.house import THREAD
from tests.unit.core.test_ladder import (
    ADA,
    FAR,
    MINUTE,
    chat,
    house,
    notes,
    tick,
)


async def test_a_quiet_claimer_is_told_where_they_can_be_reached():
    made = house()
    await made.say("human please")
    await tick(made)
    await made.desk.act(made.handoff, "claim", ADA)
    await tick(made, 10 * MINUTE)
    told = [row for row in made.channel.shown if row.key.startswith("quiet:")]
    assert [(row.address, row.mention) for row in told] == [(chat("ada"), ("ada",))]
    assert "human please" not in told[0].text()
    assert "waiting for your answer for 10 minutes" in told[0].text()


async def test_a_quiet_claimer_is_told_in_the_staff_thread_where_there_is_one():
    made = house()
    await made.say("human please")
    await tick(made)
    await made.desk.act(made.handoff, "claim", ADA)
    held = made.conversation()
    assert held.handoff is not None
    threaded = replace(held.handoff, staff_thread=THREAD)
    made.truth.world.conversations[held.id] = replace(held, handoff=threaded)
    await tick(made, 10 * MINUTE)
    told = [row.address for row in made.channel.shown if row.key.startswith("quiet:")]
    assert told == [THREAD]


async def test_a_quiet_claimer_without_an_address_is_reminded_on_the_desk():
    made = house()
    await made.say("human please")
    await tick(made)
    await made.desk.act(made.handoff, "claim", FAR)
    await tick(made, 10 * MINUTE)
    assert [note for note in notes(made) if "has been waiting" in note]
    assert not [row for row in made.channel.shown if row.key.startswith("quiet:")]
