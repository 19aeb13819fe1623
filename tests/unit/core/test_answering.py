"""Answers with their source, near choices, honest unknowns, and their counter."""

import pytest

from bot.core.words import ENGLISH
from bot.domain.message import Choices, Media, Sources
from tests.fakes.writer import FakeWriter
from tests.unit.core.house import EVE, PAYING, RETURNS, House, line

GREETING = ENGLISH["greeting"].format(title="the shop")
FILE = Media(url="u", mime="image/png", name="f.png")


def choices(house: House) -> list[str]:
    part = next(p for p in house.channel.shown[-1].parts if isinstance(p, Choices))
    return [option.value for option in part.options]


async def test_an_answer_is_the_approved_text_with_its_source():
    house = House()
    await house.say(RETURNS.question)
    assert house.told() == [GREETING, "By post."]
    (sources,) = [p for p in house.channel.shown[-1].parts if isinstance(p, Sources)]
    assert [(c.article, c.title, c.url) for c in sources.items] == [
        ("returns", RETURNS.question, "u")
    ]
    assert house.channel.shown[-1].author == "bot"


async def test_the_greeting_is_said_once():
    house = House()
    for _ in range(3):
        await house.say(RETURNS.question)
    assert house.told().count(GREETING) == 1
    assert house.told()[0] == GREETING


async def test_near_questions_are_offered_and_a_pressed_one_is_answered():
    house = House()
    await house.say("pay or return")
    assert set(choices(house)) == {"article:returns", "article:paying", "none"}
    await house.press("article:paying", "How can I pay")
    assert house.told()[-1] == PAYING.answer
    assert house.decisions() == ["choices", "answer"]


async def test_a_choice_of_an_article_that_has_gone_is_unknown():
    house = House(line(unknowns_before_handoff=5))
    await house.press("article:gone", "Whatever")
    await house.press("order:17", "An old button")
    await house.press("none")
    assert house.decisions() == ["unknown"] * 3
    assert house.conversation().unknowns == 3


async def test_the_button_to_a_person_comes_with_not_knowing():
    house = House()
    await house.say("xyzzy")
    assert choices(house) == ["person"]
    assert house.told()[-1] == ENGLISH["unknown"]


async def test_two_unknowns_in_a_row_call_a_person():
    house = House()
    await house.say("xyzzy")
    await house.say("plugh")
    assert house.conversation().holder == "waiting"
    assert house.decisions() == ["unknown", "handoff_unknowns"]
    assert house.conversation().unknowns == 0


async def test_an_answer_resets_the_counter_and_choices_do_neither():
    house = House()
    await house.say("xyzzy")
    await house.say(RETURNS.question)
    assert house.conversation().unknowns == 0
    await house.say("xyzzy")
    await house.say("pay or return")
    assert house.conversation().unknowns == 1
    await house.event(FILE)
    await house.run()
    assert house.conversation().unknowns == 1
    await house.press("none")
    assert house.conversation().holder == "waiting"


async def test_a_file_without_words_is_admitted():
    house = House()
    await house.event(FILE)
    await house.run()
    assert house.told() == [GREETING, ENGLISH["media"]]
    assert house.library.asked == []


@pytest.mark.parametrize("kind", ["edited", "deleted", "joined", "receipt"])
async def test_events_that_change_nothing_begin_nothing(kind):
    house = House()
    await house.event(kind=kind)
    await house.run()
    assert house.channel.started == []
    assert house.truth.world.conversations == {}
    assert [e.state for e in house.truth.world.events.values()] == ["done"]


async def test_nothing_crosses_lines():
    it = line(name="it", title="IT", kb="it", addresses=("fake:it",))
    house = House(line(), it)
    await house.say(RETURNS.question)
    assert {kb for kb, _ in house.library.asked} == {"shop"}
    await house.say("human please")
    assert not EVE.may_handle(house.conversation().line)


async def test_a_writer_composes_answers_and_resets_the_counter():
    house = House(writer=FakeWriter("You can", "return it by post."))
    await house.say("xyzzy")
    await house.say(RETURNS.question)
    assert house.told()[-1] == "You can return it by post."
    assert house.decisions()[-1] == "composing"
    assert house.conversation().unknowns == 0
