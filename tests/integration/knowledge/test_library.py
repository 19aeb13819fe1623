"""The library over Chroma: what the suite says, editions that change, processes that meet."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from typing_extensions import override

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary, Patience
from knowledge.readings import EncoderReader
from tests.conformance.library_suite import (
    HELPDESK,
    HOURS,
    HOURS_DE,
    PAYING,
    RETURNS,
    SHOP,
    LibrarySuite,
)
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import FakeShelf

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 20.0
QUICK = Patience(retry=0.01)


class Put:
    """Ingests into one shelf."""

    def __init__(self, shelf: FakeShelf, encoder: ArticleEncoder) -> None:
        self.shelf = shelf
        self._encoder = encoder
        self._clock = FakeClock()

    async def __call__(self, kb: str, *articles: Article) -> int:
        report = await ingest(self.shelf, self._encoder, self._clock, kb=kb, articles=articles)
        return report.version


@pytest.fixture
async def put(article_encoder: ArticleEncoder) -> Put:
    put = Put(FakeShelf(), article_encoder)
    await put("shop", *SHOP)
    await put("it-helpdesk", *HELPDESK)
    return put


@pytest.fixture
async def library(
    put: Put, tmp_path: Path, encoder: Encoder, thread: ThreadPoolExecutor
) -> AsyncIterator[ChromaLibrary]:
    library = ChromaLibrary(
        put.shelf, tmp_path, encoder.fingerprint, thread, patience=QUICK, knows=encoder.knows
    )
    await library.open()
    yield library
    await library.close()


class TestChromaLibrary(LibrarySuite):
    @pytest.fixture
    @override
    def library(self, library: ChromaLibrary) -> ChromaLibrary:
        return library

    @pytest.fixture
    @override
    def reader(self, reader: EncoderReader) -> EncoderReader:
        return reader


async def ask(library: ChromaLibrary, reader: EncoderReader, question: str) -> str | None:
    found = await library.consult("shop", question, await reader.read(question))
    return found.passages[0].text if found.passages else None


async def until(library: ChromaLibrary, version: int) -> None:
    """Wait for the library to serve a version of the shop."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any((one.kb, one.version) == ("shop", version) for one in library.editions()):  # noqa: ASYNC110 - the library swaps without telling anybody
            await asyncio.sleep(0.01)


async def test_other_words_find_the_article(library: ChromaLibrary, reader: EncoderReader):
    for question, article in (
        ("i'd like to give these trousers back", RETURNS),
        ("is paypal or visa possible", PAYING),
        ("until when can I come by in the evening?", HOURS),
    ):
        assert await ask(library, reader, question) == article.answer


@pytest.mark.parametrize("question", ["how tall is mount everest", "write a poem about the sea"])
async def test_far_off_questions_are_not_known(
    library: ChromaLibrary, reader: EncoderReader, question: str
):
    found = await library.consult("shop", question, await reader.read(question))
    assert found.decision == "unknown"


async def test_a_new_edition_is_swapped_in(put: Put, library: ChromaLibrary, reader: EncoderReader):
    async with asyncio.TaskGroup() as group:
        following = group.create_task(library.follow())
        await put.shelf.followed_by(1)
        await put("shop", replace(RETURNS, answer="Keep it."), PAYING, HOURS)
        await until(library, 2)
        assert await ask(library, reader, RETURNS.question) == "Keep it."
        following.cancel()


async def test_it_survives_the_database_going_away(
    put: Put, library: ChromaLibrary, reader: EncoderReader
):
    async with asyncio.TaskGroup() as group:
        following = group.create_task(library.follow())
        await put.shelf.followed_by(1)
        put.shelf.lose()
        await put.shelf.followed_by(0)
        assert await ask(library, reader, RETURNS.question) == RETURNS.answer
        put.shelf.away = False
        await put("shop", replace(RETURNS, answer="Keep it."))
        await until(library, 2)
        following.cancel()


async def test_questions_are_answered_while_editions_change(
    put: Put, library: ChromaLibrary, reader: EncoderReader
):
    for number in range(4):
        answer = f"Answer {number}."
        await put("shop", replace(RETURNS, answer=answer), PAYING)
        async with asyncio.TaskGroup() as group:
            group.create_task(library.refresh())
            for _ in range(20):
                assert await ask(library, reader, RETURNS.question) is not None
        assert await ask(library, reader, RETURNS.question) == answer


async def test_old_versions_are_dropped(put: Put, library: ChromaLibrary, tmp_path: Path):
    for number in range(3):
        await put("shop", replace(RETURNS, answer=f"Answer {number}."))
        await library.refresh()
    assert library._collections is not None
    names = sorted(library._collections.names())
    assert names == ["it-helpdesk-en-1", "shop-en-3", "shop-en-4"]
    assert not (tmp_path / "shop-en-1").exists()
    assert (tmp_path / "shop-en-3").exists()


async def test_a_built_index_is_opened_without_phrasings(
    put: Put, library: ChromaLibrary, tmp_path: Path, encoder: Encoder, reader: EncoderReader
):
    await library.close()
    put.shelf._phrasings.clear()
    with ThreadPoolExecutor(1) as thread:
        again = ChromaLibrary(put.shelf, tmp_path, encoder.fingerprint, thread)
        await again.open()
        assert await ask(again, reader, RETURNS.question) == RETURNS.answer
        await again.close()


async def test_an_index_that_was_not_finished_is_built_again(
    put: Put, library: ChromaLibrary, tmp_path: Path, encoder: Encoder, reader: EncoderReader
):
    await library.close()
    (tmp_path / "shop-en-1" / "rows.npy").unlink()
    with ThreadPoolExecutor(1) as thread:
        again = ChromaLibrary(put.shelf, tmp_path, encoder.fingerprint, thread)
        await again.open()
        assert await ask(again, reader, RETURNS.question) == RETURNS.answer
        await again.close()


async def test_an_index_that_killed_a_process_is_built_again(
    put: Put, library: ChromaLibrary, tmp_path: Path, encoder: Encoder, reader: EncoderReader
):
    await library.close()
    (tmp_path / "shop-en-1.loading").touch()
    with ThreadPoolExecutor(1) as thread:
        again = ChromaLibrary(put.shelf, tmp_path, encoder.fingerprint, thread)
        await again.open()
        assert await ask(again, reader, RETURNS.question) == RETURNS.answer
        await again.close()
    assert not (tmp_path / "shop-en-1.loading").exists()


async def test_the_index_of_another_database_is_not_used(
    library: ChromaLibrary,
    tmp_path: Path,
    encoder: Encoder,
    article_encoder: ArticleEncoder,
    reader: EncoderReader,
):
    await library.close()
    other = FakeShelf()
    from_other = replace(RETURNS, question="How tall is the tower?", answer="Ninety metres.")
    clock = FakeClock(FakeClock().now().replace(year=2027))
    await ingest(other, article_encoder, clock, kb="shop", articles=[from_other])
    with ThreadPoolExecutor(1) as thread:
        again = ChromaLibrary(other, tmp_path, encoder.fingerprint, thread)
        await again.open()
        assert await ask(again, reader, "how tall is the tower") == "Ninety metres."
        await again.close()


async def test_several_open_at_once(
    put: Put, tmp_path: Path, encoder: Encoder, reader: EncoderReader
):
    with ThreadPoolExecutor(1) as thread:
        several = [
            ChromaLibrary(put.shelf, tmp_path, encoder.fingerprint, thread) for _ in range(2)
        ]
        await asyncio.gather(*(one.open() for one in several))
        for one in several:
            assert await ask(one, reader, PAYING.question) == PAYING.answer
        for one in several:
            await one.close()


async def test_another_encoder_turns_a_knowledge_base_off(
    put: Put, tmp_path: Path, thread: ThreadPoolExecutor
):
    library = ChromaLibrary(put.shelf, tmp_path, "another", thread)
    await library.open()
    with pytest.raises(KnowledgeError, match="careline ingest"):
        await library.article("shop", RETURNS.id)
    await library.close()


async def test_a_message_is_answered_in_the_language_it_is_written_in(
    library: ChromaLibrary, encoder: Encoder, thread: ThreadPoolExecutor
):
    reader = EncoderReader.multilingual(encoder, thread)
    for words, article in (
        ("Haben Sie auch an einem Sonntag offen?", HOURS_DE.id),
        ("are you open on a sunday as well", HOURS.id),
    ):
        found = await library.consult("shop", words, await reader.read(words))
        assert found.passages[0].article == article


async def test_twins_are_offered_once(put: Put, library: ChromaLibrary, reader: EncoderReader):
    twin = replace(RETURNS, id="returns-again", question="How can I send something back?")
    await put("shop", RETURNS, twin, PAYING)
    await library.refresh()
    reading = await reader.read(RETURNS.question)
    found = await library.consult("shop", RETURNS.question, reading)
    assert found.decision == "answer"
    names = [one.article for one in found.passages]
    assert len({"returns", "returns-again"} & set(names)) == 1


@pytest.mark.parametrize("variants", [0, 6])  # with six a head is trained
async def test_articles_kept_for_others_crowd_nothing_out(
    put: Put, library: ChromaLibrary, reader: EncoderReader, variants: int
):
    def said(name: str, *lines: str) -> Article:
        more = tuple(f"{name}, way {way} to ask for a parking space" for way in range(variants))
        asked = f"Where do I park, {name}?"
        return Article(id=name, question=asked, variants=more, answer=f"At {name}.", lines=lines)

    theirs = [said(f"gate-{number}", "it") for number in range(60)]
    await put("shop", *theirs, said("the-roof-of-the-old-mill"), PAYING)
    await library.refresh()
    words = "Where do I park, gate-7?"
    reading = await reader.read(words)
    found = await library.consult("shop", words, reading, "shop")
    assert [one.article for one in found.passages] == ["the-roof-of-the-old-mill", PAYING.id]
    found = await library.consult("shop", words, reading, "it")
    assert found.passages[0].article == "gate-7"
