"""Messages as people write them, asked of the shop pack with the real encoder."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.core.asking import Asked, Asking, Before, Where
from bot.domain.ports import Shelf
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from knowledge.readings import EncoderReader
from knowledge.sources import pack_path, read_paths
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import FakeShelf

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def shelf(encoder_folder: Path) -> Shelf:
    encoder = Encoder.open(encoder_folder, precision="fp32", threads=2)
    shelf, articles = FakeShelf(), read_paths([pack_path("shop")])[0]
    ready = ArticleEncoder(encoder.encode, encoder.fingerprint)
    asyncio.run(ingest(shelf, ready, FakeClock(), kb="shop", articles=articles))
    return shelf


class Counter:
    """Asks, and counts what is encoded."""

    def __init__(self, library: ChromaLibrary, reader: EncoderReader) -> None:
        self._library = library
        self._reader = reader
        self.read_texts: list[str] = []

    async def read(self, text: str, *, feelings: bool = False):
        self.read_texts.append(text)
        return await self._reader.read(text, feelings=feelings)

    def ahead(self, text: str) -> None:
        self._reader.ahead(text)

    async def ask(self, text: str, before: Before | None = None) -> tuple[Asked, ...]:
        reading = await self.read(text)
        return await Asking(self._library, self).ask(Where("shop"), text, reading, before)


@pytest.fixture
async def shop(
    shelf: Shelf, tmp_path: Path, encoder: Encoder, thread: ThreadPoolExecutor,
    reader: EncoderReader,
) -> AsyncIterator[Counter]:  # fmt: skip
    library = ChromaLibrary(shelf, tmp_path, encoder.fingerprint, thread, knows=encoder.knows)
    await library.open()
    yield Counter(library, reader)
    await library.close()


def near(asked: Asked) -> list[str]:
    """The article that answers, or those that are offered."""
    names = [one.article for one in asked.found.passages]
    return {"answer": names[:1], "choices": names, "unknown": []}[asked.found.decision]


async def test_a_plain_question_is_encoded_and_asked_once(shop: Counter):
    (asked,) = await shop.ask("How long does delivery take?")
    assert near(asked) == ["delivery-time"]
    assert shop.read_texts == ["How long does delivery take?"]


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("delivry tiem", "delivery-time"),
        ("forgoten my pass word", "forgot-password"),
        ("how do i retrun somthing", "how-to-return"),
        ("giftwraping", "gift-wrap"),
        ("trak my oder pls", "track-order"),
        ("exspress delivrey", "express-delivery"),
    ],
)
async def test_slips_are_understood(shop: Counter, text: str, article: str):
    (asked,) = await shop.ask(text)
    assert article in near(asked)


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("How long does delivery take? And how do I send something back?",
         ["delivery-time", "how-to-return"]),
        ("how much is shipping and can i pay with paypal", ["delivery-cost", "payment-methods"]),
        ("Hi! Do you gift wrap? Which payment methods do you take?",
         ["gift-wrap", "payment-methods"]),
    ],
)  # fmt: skip
async def test_each_of_several_questions_is_found(shop: Counter, text: str, articles: list[str]):
    asked = await shop.ask(text)
    assert [near(one)[0] for one in asked if near(one)] == articles


@pytest.mark.parametrize(
    ("before", "text", "article"),
    [
        (("do you deliver abroad", "delivery-abroad"), "how much is that?", "delivery-abroad"),
        (("do you gift wrap", "gift-wrap"), "and how much does it cost?", "gift-wrap"),
    ],
)
async def test_what_leans_is_found_with_the_turn_before(
    shop: Counter, before: tuple[str, str], text: str, article: str
):
    (alone,) = await shop.ask(text)
    assert alone.found.decision != "answer"
    (asked,) = await shop.ask(text, Before(question=before[0], article=before[1]))
    assert article in near(asked)


@pytest.mark.parametrize(
    ("before", "text", "article"),
    [
        (("how long does delivery take", "delivery-time"), "and for Austria?", "delivery-abroad"),
        (("how do I return something", "how-to-return"), "how many days do i have for that?",
         "return-window"),
    ],
)  # fmt: skip
async def test_what_stands_alone_keeps_its_answer(
    shop: Counter, before: tuple[str, str], text: str, article: str
):
    for context in (None, Before(question=before[0], article=before[1])):
        (asked,) = await shop.ask(text, context)
        assert near(asked)[0] == article


STORY = (
    "Dear team, I have been a customer of yours for eleven years now and I have always been happy. "
    "In March my sister moved into a new flat by the sea, and we all wanted to give her something. "
    "My brother thought of a kettle, my mother of towels, and in the end it became a lamp. "
    "It is a beautiful lamp, green, with a brass foot, and everybody who came to see it liked it. "
    "But the light in that flat is so good that she never switches it on, not even in winter. "
)


async def test_the_question_at_the_end_of_a_long_story_is_answered(shop: Counter):
    story = STORY * 6
    assert len(story) > 2500
    asked = await shop.ask(f"{story}How do I send something back? Kind regards, Max")
    assert [near(one) for one in asked] == [["how-to-return"]]
    assert len(shop.read_texts) <= 18


async def test_a_story_about_nothing_known_is_not_answered(shop: Counter):
    asked = await shop.ask(STORY * 6)
    assert all(one.found.decision != "answer" for one in asked)


@pytest.mark.parametrize("text", ["refund", "voucher", "invoice"])
async def test_a_single_word_finds_its_articles(shop: Counter, text: str):
    (asked,) = await shop.ask(text)
    assert near(asked)
