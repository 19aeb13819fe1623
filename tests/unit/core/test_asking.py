"""How a message is asked: once where it stands alone, again where it does not."""

import pytest

from bot.core.asking import Asked, Asking, Before, Where
from bot.domain.knowledge import Article
from tests.fakes.library import FakeLibrary
from tests.fakes.reader import FakeReader

RETURNS = Article(id="returns", question="How do I return something", answer="By post.")
PAYING = Article(id="paying", question="How can I pay", answer="By card, in Austria too.")
ABROAD = Article(
    id="abroad",
    question="Do you deliver to Austria",
    variants=("how long does delivery take and for Austria",),
    answer="Yes.",
)
TIME = Article(id="time", question="How long does delivery take", answer="Two days.")


class Room:
    def __init__(self) -> None:
        self.library = FakeLibrary(shop=(RETURNS, PAYING, ABROAD, TIME))
        self.reader = FakeReader()

    async def ask(self, text: str, before: Before | None = None) -> tuple[Asked, ...]:
        reading = await self.reader.read(text)
        return await Asking(self.library, self.reader).ask(Where("shop"), text, reading, before)


def articles(asked: tuple[Asked, ...]) -> list[str]:
    return [one.found.passages[0].article for one in asked if one.found.decision == "answer"]


@pytest.fixture
def room() -> Room:
    return Room()


async def test_a_question_that_stands_alone_is_asked_and_encoded_once(room: Room):
    asked = await room.ask(RETURNS.question, Before(question=PAYING.question, article="paying"))
    assert articles(asked) == ["returns"]
    assert room.library.asked == [("shop", RETURNS.question)]
    assert room.reader.seen == [RETURNS.question]


async def test_several_questions_are_answered_in_their_order(room: Room):
    asked = await room.ask("How can I pay? How do I return something?")
    assert articles(asked) == ["paying", "returns"]
    assert [one.how for one in asked] == ["part", "part"]


async def test_two_questions_about_one_article_are_one(room: Room):
    asked = await room.ask("How can I pay? So how can I pay?")
    assert len(asked) == 1


async def test_an_unknown_part_of_two_questions_is_kept(room: Room):
    asked = await room.ask("How can I pay? Where lives xyzzy plugh?")
    assert [one.found.decision for one in asked] == ["answer", "unknown"]
    assert asked[1].text == "Where lives xyzzy plugh?"


async def test_an_and_splits_only_where_both_halves_are_answered(room: Room):
    both = await room.ask("How can I pay and how do I return something")
    assert articles(both) == ["paying", "returns"]
    one = await room.ask("How can I pay and what is xyzzy plugh")
    assert len(one) == 1


async def test_slips_are_mended_only_where_the_words_are_not_known(room: Room):
    room.library.slips = {"retrun": "return"}
    (asked,) = await room.ask("How do I retrun something")
    assert (asked.how, asked.text) == ("mended", RETURNS.question)
    assert articles((asked,)) == ["returns"]


async def test_a_mending_that_finds_less_is_not_taken(room: Room):
    room.library.slips = {"pay": "xyzzy"}
    (asked,) = await room.ask("can pay")
    assert asked.how == "said"


async def test_a_leaning_question_is_asked_with_the_one_before(room: Room):
    before = Before(question="how long does delivery take", article="time")
    (asked,) = await room.ask("and for Austria?", before)
    assert asked.how == "leaning"
    assert articles((asked,)) == ["abroad"]
    (alone,) = await room.ask("and for Austria?")
    assert alone.how == "said"


async def test_the_article_just_read_is_not_told_again_for_words_it_does_not_have(room: Room):
    room.library.decisions["How can I pay and for dogs?"] = "answer"
    room.library.decisions["How can I pay and in Austria?"] = "answer"
    room.library.decisions["and in Austria?"] = "unknown"
    before = Before(question="How can I pay", article="paying")
    (asked,) = await room.ask("and for dogs?", before)
    assert asked.found.decision == "choices"
    (spoken,) = await room.ask("and in Austria?", before)
    assert (spoken.found.decision, spoken.how) == ("answer", "leaning")


async def test_gibberish_after_a_question_stays_unknown(room: Room):
    (asked,) = await room.ask("xyzzy", Before(question=PAYING.question, article="paying"))
    assert asked.found.decision == "unknown"


async def test_a_story_is_answered_by_its_question(room: Room):
    told = "My aunt gave me a lamp last spring and we all liked it very much. " * 12
    asked = await room.ask(f"{told}How do I return something? Kind regards from us all.")
    assert articles(asked) == ["returns"]
    assert len(room.library.asked) <= 17


async def test_a_story_without_a_question_is_offered_what_it_speaks_of(room: Room):
    told = "Then xyzzy plugh frotz. " * 20
    (asked,) = await room.ask(f"{told}I shall return it soon. {told}")
    assert asked.found.decision == "choices"
    assert asked.found.passages[0].article == "returns"


async def test_a_story_about_nothing_known_is_unknown(room: Room):
    (asked,) = await room.ask("Then xyzzy plugh frotz. " * 40)
    assert asked.found.decision == "unknown"
