"""What is grouped was not answered, and tells nobody's name."""

from bot.cli.grouping import unanswered
from tests.unit.core.house import ADA, House


async def test_names_of_those_who_spoke_are_in_neither_question_nor_answer():
    house = House()
    await house.say("xyzzy plugh frotz")
    await house.say("frotz plugh quux")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.reply(house.handoff, ADA, f"{ADA.name} here: we sell them in May.", "r1")
    await house.run()
    found = unanswered(house.transcript(), set())
    assert [one.text for one in found] == ["xyzzy plugh frotz", "frotz plugh quux"]
    assert [one.told for one in found] == [None, "[name] here: we sell them in May."]


async def test_what_is_in_another_proposal_already_is_not_grouped_again():
    house = House()
    await house.say("xyzzy plugh frotz")
    assert unanswered(house.transcript(), {"xyzzy plugh frotz"}) == []
