"""Transcripts read again: what was asked, and what became of it."""

from bot.core.review import heard_in
from tests.unit.core.house import ADA, PAYING, RETURNS, House, line


async def test_answers_choices_and_unknowns_are_heard_and_courtesies_are_not():
    house = House(line(unknowns_before_handoff=9))
    await house.say("hi")
    await house.say(RETURNS.question)
    await house.say("pay or return")
    await house.press(f"article:{PAYING.id}", PAYING.question)
    await house.say("do pay")
    await house.press("none", "None of these")
    await house.say("xyzzy plugh")
    heard = heard_in(house.transcript())
    assert [(one.text, one.fate) for one in heard] == [
        (RETURNS.question, "answered"),
        ("pay or return", "offered"),
        ("do pay", "offered"),
        ("xyzzy plugh", "unknown"),
    ]
    assert heard[0].articles == ("returns",)
    assert (heard[1].chosen, heard[1].refused) == ("paying", False)
    assert (heard[2].chosen, heard[2].refused) == (None, True)


async def test_a_persons_first_words_answer_what_was_not_known():
    house = House()
    await house.say("xyzzy plugh frotz")
    await house.say("frotz plugh quux")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.reply(house.handoff, ADA, "We sell them in May.", "r1")
    await house.run()
    heard = heard_in(house.transcript())
    assert [one.fate for one in heard] == ["unknown", "unknown"]
    assert [one.told for one in heard] == [None, "We sell them in May."]


async def test_a_request_for_a_person_is_one():
    house = House()
    await house.say("a human please")
    assert [one.fate for one in heard_in(house.transcript())] == ["person"]


def test_an_empty_transcript_has_nothing():
    assert heard_in(()) == []


async def test_a_thumb_down_says_which_answer_was_none_and_a_thumb_up_nothing():
    house = House(line(unknowns_before_handoff=9))
    await house.say(RETURNS.question)
    await house.say(PAYING.question)
    await house.press("feedback:down:returns", "👎")
    await house.press("feedback:up:paying", "👍")
    heard = heard_in(house.transcript())
    assert [(one.text, one.refused) for one in heard] == [
        (RETURNS.question, True),
        (PAYING.question, False),
    ]
