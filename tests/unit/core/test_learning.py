"""What is learnt from a talk is what its people let stand."""

from datetime import timedelta

from bot.core.learning import Learning
from tests.fakes.desk import FakeBoard
from tests.fakes.proposals import FakeProposals
from tests.fakes.reader import FakeReader
from tests.unit.core.house import ADA, House


async def test_replies_are_learnt_as_they_stand():
    house = House()
    await house.say("xyzzy")
    await house.say("a human please")
    house.clock.advance(timedelta(minutes=1))
    await house.desk.act(house.handoff, "claim", ADA)
    for key, words in (("k1", "A refund costs 40 euros."), ("k2", "Ask my colleague, who knows.")):
        await house.desk.reply(house.handoff, ADA, words, key)
    first, second = (e.key for e in house.transcript() if e.author == "staff")
    corrected = "A refund costs nothing at all."
    await house.amending.edit_reply(house.handoff, ADA, first, corrected, "e1")
    await house.amending.delete_reply(house.handoff, ADA, second, "d1")
    await house.desk.act(house.handoff, "resolve", ADA)
    board, proposals = FakeBoard(), FakeProposals()
    board.put(house.conversation(), *house.transcript())
    proposals.ended[house.handoff] = house.clock.now()
    learning = Learning(proposals, board, house.library, house.reader, house.lines, house.clock)
    assert await learning() == 1
    (made,) = proposals.rows.values()
    assert made.answer == corrected


async def test_nothing_is_learnt_from_what_was_said_to_one_person_alone():
    house = House(reader=FakeReader(signals={"privacy_request": "my data"}))
    await house.say("xyzzy")
    await house.say("what of my data")
    house.clock.advance(timedelta(minutes=1))
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.reply(house.handoff, ADA, "We have deleted all of it today.", "k1")
    await house.desk.act(house.handoff, "resolve", ADA)
    board, proposals = FakeBoard(), FakeProposals()
    board.put(house.conversation(), *house.transcript())
    proposals.ended[house.handoff] = house.clock.now()
    learning = Learning(proposals, board, house.library, house.reader, house.lines, house.clock)
    assert await learning() == 0
    assert proposals.rows == {}
