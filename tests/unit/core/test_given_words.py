"""Words given with a button: a suggestion sent or changed, a note; who may, and what is shown."""

from dataclasses import replace

import pytest

from bot.core import staff_words as words
from bot.domain.forms import Form, form_of
from bot.domain.message import Address, Choices, Pressed, Text
from tests.unit.core.house import ADA, RETURNS
from tests.unit.core.two_ends import THREADED, TwoEnds, claimed, hints, notes, pressed

AT_TEAM = Address(channel="team", account="T1", room="ada")


async def gives(house: TwoEnds, kind: str, text: str, by: str = "ada") -> None:
    parts = (Pressed(value=f"{kind}:{house.handoff}"), Text(text=text))
    await house.event(*parts, kind="pressed", room=house.thread, sender=by)
    await house.run()


async def test_changed_words_go_to_the_customer_and_show_in_the_thread():
    house = await claimed()
    await gives(house, "say", "You have 30 days.")
    assert house.told()[-1] == "You have 30 days."
    assert house.channel.shown[-1].author_name == "Ada"
    assert "Ada: You have 30 days." in house.in_thread()


async def test_a_note_shows_in_the_thread_alone():
    house = await claimed()
    said = len(house.told())
    await gives(house, "keep", "a difficult one")
    assert len(house.told()) == said
    assert [note.text() for note in notes(house)] == ["a difficult one"]
    assert "Ada noted: a difficult one" in house.in_thread()


@pytest.mark.parametrize(("by", "told"), [("ben", "Ada has this"), ("eve", "does not know you")])
async def test_nobody_but_the_claimer_speaks(by: str, told: str):
    house = await claimed()
    said = len(house.told())
    await gives(house, "say", "psst", by=by)
    assert len(house.told()) == said
    assert any(told in row.text() for row in house.privately(by))


@pytest.mark.parametrize(("text", "told"), [("  ", "empty"), ("x" * 5000, "5000 characters")])
async def test_none_and_too_many_are_refused(text: str, told: str):
    house = await claimed()
    await gives(house, "say", text)
    assert told in hints(house)[-1]


async def test_a_suggestion_is_sent_once_and_only_while_it_fits():
    house = await claimed(staff=replace(THREADED, forms=True), assists=True)
    await house.staff.put(replace(ADA, addresses=(AT_TEAM,)))
    await house.say(RETURNS.question)
    offered = next(p for p in house.privately("ada")[-1].parts if isinstance(p, Choices))
    assert [one.label for one in offered.options] == ["Send", "Edit"]
    send = offered.options[0].value
    await house.press(send, room=house.thread, sender="ada")
    assert house.told()[-1] == RETURNS.answer
    said = len(house.told())
    await house.press(send + "x", room=house.thread, sender="ada")
    assert len(house.told()) == said
    assert hints(house)[-1] == words.NEWER


@pytest.mark.parametrize("value", ["send:h1:a1", "edit:h1:a1", "note:h1", "say:h1", "keep:h1"])
def test_a_value_says_what_it_means(value: str):
    found = form_of(value)
    assert found is not None
    assert found.value() == value


@pytest.mark.parametrize("value", [None, "", "send", "send:", "claim:h1", ":h1"])
def test_other_values_mean_something_else(value: str | None):
    assert form_of(value) is None


def test_a_form_names_its_handoff():
    assert Form(kind="note", handoff="h1").value() == "note:h1"


@pytest.mark.parametrize(("kind", "by"), [("say", "ben"), ("say", "ada")])
async def test_words_that_are_refused_come_back_to_their_writer(kind: str, by: str):
    house = await claimed()
    if by == "ada":
        await pressed(house, "take_over", by="ben")
    await gives(house, kind, "Thirty days.", by=by)
    assert "Thirty days." in hints(house, by)[-1]
    assert "Nothing was sent" in hints(house, by)[-1]


@pytest.mark.parametrize("kind", ["edit", "note"])
async def test_a_form_that_could_not_be_opened_is_told_of(kind: str):
    house = await claimed()
    said = len(house.told())
    await house.press(f"{kind}:{house.handoff}", room=house.thread, sender="ada")
    assert hints(house)[-1] == words.NO_FORM
    assert (len(house.told()), notes(house)) == (said, [])
