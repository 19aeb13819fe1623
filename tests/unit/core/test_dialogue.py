"""Turns as customers live them: courtesies, several questions, what leans, their language."""

from dataclasses import replace

import pytest
from typing_extensions import override

from bot.core.words import ENGLISH
from bot.domain.knowledge import Article
from bot.domain.message import Choices, Sources
from bot.domain.reading import Reading
from tests.fakes.reader import FakeReader
from tests.fakes.writer import FakeWriter
from tests.unit.core.house import PAYING, RETURNS, House, line

GREETING = ENGLISH["greeting"].format(title="the shop")
RETURNS_DE = Article(
    id="rueckgabe", question="Wie schicke ich etwas", answer="Per Post.", language="de"
)


class Polyglot(FakeReader):
    """A reader that is sure of the languages it is told."""

    def __init__(self, **languages: str) -> None:
        super().__init__()
        self._languages = {words.replace("_", " "): code for words, code in languages.items()}

    @override
    async def read(self, text: str, *, feelings: bool = False) -> Reading:
        reading = await super().read(text)
        return replace(reading, language=self._languages.get(text.casefold()))


def told_last(house: House) -> str:
    return house.told()[-1]


@pytest.mark.parametrize(
    ("words", "key"),
    [("hi", "what_can_i_do"), ("thanks a lot!", "thanks"), ("👍", "fine"), ("bye", "bye")],
)
async def test_a_courtesy_gets_a_word_back_and_no_article(words: str, key: str):
    house = House()
    await house.say(words)
    assert house.told() == [GREETING, ENGLISH[key]]  # type: ignore[index]  # a parametrised key
    assert house.decisions() == ["courtesy"]
    assert house.library.asked == []
    assert house.conversation().unknowns == 0


async def test_a_courtesy_leaves_the_counter_of_unknowns_alone():
    house = House()
    await house.say("xyzzy")
    await house.say("ok great")
    assert house.conversation().unknowns == 1
    assert house.conversation().holder == "bot"


async def test_hello_is_said_once_to_a_new_customer_and_again_later():
    house = House()
    await house.say("hello")
    assert told_last(house) == ENGLISH["what_can_i_do"]
    await house.say("hello")
    assert told_last(house) == ENGLISH["hello"]


async def test_a_greeting_with_a_question_is_a_question():
    house = House()
    await house.say(f"Hello, {RETURNS.question}")
    assert told_last(house) == RETURNS.answer


async def test_a_yes_to_the_offer_of_a_person_calls_one():
    house = House()
    await house.say("xyzzy")
    await house.say("yes please")
    assert house.conversation().holder == "waiting"
    assert house.decisions() == ["unknown", "handoff_asked"]


async def test_a_yes_while_a_person_is_awaited_calls_no_second_one():
    house = House(line(answers_while_waiting=True))
    await house.say("human")
    await house.say("yes please")
    assert house.conversation().holder == "waiting"
    assert house.decisions() == ["handoff_asked", "relayed"]


async def test_a_yes_to_a_single_choice_is_that_choice_and_a_no_is_none_of_them():
    house = House(line(unknowns_before_handoff=5))
    await house.say("return")
    await house.say("yes")
    assert told_last(house) == RETURNS.answer
    other = House(line(unknowns_before_handoff=5))
    await other.say("return")
    await other.say("no")
    assert told_last(other) == ENGLISH["unknown"]


async def test_a_yes_to_nothing_asks_what_it_is_about():
    house = House()
    await house.say("yes")
    assert told_last(house) == ENGLISH["asks"]


async def test_each_of_several_questions_is_answered_with_its_source():
    house = House()
    await house.say(f"{RETURNS.question}? {PAYING.question}?")
    assert house.told() == [GREETING, RETURNS.answer, PAYING.answer]
    cited = [p.items[0].article for row in house.channel.shown for p in row.parts
             if isinstance(p, Sources)]  # fmt: skip
    assert cited == ["returns", "paying"]
    assert house.decisions() == ["answer"]


async def test_what_is_open_of_several_questions_is_said():
    house = House()
    await house.say(f"{RETURNS.question}? Where lives xyzzy plugh?")
    assert house.told()[1] == RETURNS.answer
    assert told_last(house) == ENGLISH["unknown_part"].format(part="Where lives xyzzy plugh?")
    assert house.conversation().unknowns == 0


async def test_several_questions_are_answered_verbatim_beside_a_writer():
    house = House(writer=FakeWriter("Written."))
    await house.say(f"{RETURNS.question}? {PAYING.question}?")
    assert house.told()[1:] == [RETURNS.answer, PAYING.answer]


async def test_several_answers_while_a_person_is_awaited_say_so_once():
    house = House(line(answers_while_waiting=True))
    await house.say("human")
    await house.say(f"{RETURNS.question}? {PAYING.question}?")
    assert house.told()[-2:] == [
        f"{ENGLISH['still_coming']}\n{RETURNS.answer}",
        PAYING.answer,
    ]


async def test_words_that_lean_are_understood_with_the_turn_before():
    house = House()
    house.library.put(
        "shop",
        RETURNS,
        PAYING,
        Article(id="abroad", question=f"{RETURNS.question} and from Austria", answer="Yes."),
    )
    await house.say(RETURNS.question)
    await house.say("and from Austria?")
    assert told_last(house) == "Yes."


async def test_words_that_lean_on_nothing_known_stay_unknown():
    house = House()
    await house.say("xyzzy plugh")
    await house.say("and for frotz?")
    assert house.decisions() == ["unknown", "handoff_unknowns"]


async def test_questions_that_look_alike_are_told_apart():
    house = House()
    one = Article(id="a", question="How do I pay?", answer="In the shop: by card at the till.")
    other = Article(id="b", question="How do I pay", answer="Online: with a voucher or by card.")
    house.library.put("shop", one, other)
    await house.say("do pay")
    part = next(p for p in house.channel.shown[-1].parts if isinstance(p, Choices))
    labels = [option.label for option in part.options]
    assert labels == [
        "How do I pay? (In the shop: by card at the till.)",
        "How do I pay (Online: with a voucher or by card.)",
        ENGLISH["none_of_these"],
    ]


async def test_articles_of_other_lines_are_in_no_part_and_no_choice():
    house = House()
    hidden = replace(PAYING, lines=("it",))
    house.library.put("shop", RETURNS, hidden)
    await house.say(f"{RETURNS.question}? {PAYING.question}?")
    await house.say("and pay?")
    await house.press("article:paying", PAYING.question)
    assert PAYING.answer not in "\n".join(house.told())
    shown = [p for row in house.channel.shown for p in row.parts if isinstance(p, Choices)]
    assert "article:paying" not in {o.value for part in shown for o in part.options}


async def test_the_customers_language_comes_first():
    house = House(reader=Polyglot(wie_schicke_ich_etwas="de"))
    house.library.put("shop", RETURNS, RETURNS_DE)
    await house.say(RETURNS_DE.question)
    assert told_last(house) == RETURNS_DE.answer
    assert house.conversation().language == "de"


async def test_one_article_in_their_language_does_not_hide_the_others():
    house = House(reader=Polyglot(how_do_i_return_something="de"))
    house.library.put("shop", RETURNS, PAYING, replace(RETURNS_DE, question="Wie something"))
    house.library.main = "en"
    await house.say(RETURNS.question)  # theirs is offered, the line's answers
    note = ENGLISH["other_language"].format(tongue="English")
    assert told_last(house) == f"{note}\n{RETURNS.answer}"


async def test_where_neither_language_answers_both_are_offered():
    house = House(reader=Polyglot(something="de"))
    house.library.put("shop", RETURNS, PAYING, replace(RETURNS_DE, question="Wie something"))
    house.library.main = "en"
    await house.say("something")
    (part,) = [p for row in house.channel.shown for p in row.parts if isinstance(p, Choices)]
    assert [o.value for o in part.options][:2] == ["article:rueckgabe", "article:returns"]


async def test_a_library_without_the_lines_language_offers_each_article_once():
    house = House(reader=Polyglot(wie_something="de"))
    paying = replace(PAYING, id="zahlen", question="Wie zahle ich", language="de")
    house.library.put("shop", RETURNS_DE, paying)
    house.library.main = "de"
    await house.say("wie something")
    (part,) = [p for row in house.channel.shown for p in row.parts if isinstance(p, Choices)]
    offered = [o.value for o in part.options[:-1]]
    assert sorted(offered) == ["article:rueckgabe", "article:zahlen"]


async def test_a_third_language_is_no_answer_where_theirs_has_none():
    house = House(reader=Polyglot(how_do_i_return_something="de"))
    french = replace(RETURNS, id="fr", language="fr")
    house.library.put("shop", french, replace(RETURNS_DE, question="Wie something"))
    house.library.main = "fr"
    await house.say(RETURNS.question)
    (part,) = [p for row in house.channel.shown for p in row.parts if isinstance(p, Choices)]
    assert [o.value for o in part.options[:-1]] == ["article:rueckgabe"]


async def test_a_part_that_their_language_answers_keeps_its_answer():
    both = f"{RETURNS_DE.question}? {PAYING.question}?"
    house = House(reader=Polyglot(**{both.casefold(): "de"}))
    house.library.put("shop", RETURNS, PAYING, RETURNS_DE)
    house.library.main = "en"
    await house.say(both)
    told = "\n".join(house.told())
    assert RETURNS_DE.answer in told
    assert PAYING.answer in told


async def test_what_their_language_answers_is_asked_once():
    house = House(reader=Polyglot(wie_schicke_ich_etwas="de"))
    house.library.put("shop", RETURNS, RETURNS_DE)
    await house.say(RETURNS_DE.question)
    assert len(house.library.asked) == 1


async def test_what_is_there_in_the_lines_language_only_comes_with_a_note():
    house = House(reader=Polyglot(how_do_i_return_something="fr"))
    await house.say(RETURNS.question)
    note = ENGLISH["other_language"].format(tongue="English")
    assert told_last(house) == f"{note}\n{RETURNS.answer}"


async def test_not_knowing_in_another_language_says_which_is_understood():
    house = House(reader=Polyglot(xyzzy_plugh_frotz="fr"))
    await house.say("xyzzy plugh frotz")
    assert told_last(house) == ENGLISH["unknown_language"].format(tongue="English")


async def test_the_lines_language_is_asked_where_theirs_is_not_there():
    house = House(line(language="de"), reader=Polyglot(wie_schicke_ich_etwas="fr"))
    english = replace(RETURNS, question="Wie schicke ich etwas", answer="English.")
    house.library.put("shop", english, RETURNS_DE)
    house.library.main = "en"
    await house.say(RETURNS_DE.question)
    assert told_last(house).endswith(RETURNS_DE.answer)
