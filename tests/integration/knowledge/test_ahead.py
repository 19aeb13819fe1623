"""Whoever ingests builds the index; where that fails, whoever serves does."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.domain.reading import Reading
from knowledge import rowfile
from knowledge.ahead import ShelfBuiltAhead
from knowledge.encoder import ArticleEncoder
from knowledge.index import Place, lock_of
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from knowledge.locks import locked
from tests.conformance.library_suite import HOURS, HOURS_DE, PAYING
from tests.fakes.clock import FakeClock
from tests.fakes.reader import vector_of
from tests.fakes.shelf import FakeShelf
from tests.integration.knowledge.neighbour import encode

pytestmark = pytest.mark.integration


async def publish(shelf: FakeShelf, folder: Path) -> None:
    ahead = ShelfBuiltAhead(shelf, folder)
    encoder = ArticleEncoder(encode, "fake")
    articles = [PAYING, HOURS, HOURS_DE]
    await ingest(ahead, encoder, FakeClock(), kb="shop", articles=articles)


async def best(library: ChromaLibrary) -> str:
    reading = Reading(vector=vector_of(PAYING.question))
    return (await library.consult("shop", PAYING.question, reading)).passages[0].article


async def test_every_language_is_built_before_anybody_serves_it(
    tmp_path: Path, thread: ThreadPoolExecutor
):
    shelf = FakeShelf()
    await publish(shelf, tmp_path)
    (live,) = await shelf.live()
    built = {}
    for language in ("en", "de"):
        place = Place.of(tmp_path, live, language)
        assert rowfile.read(place.folder / place.name, place.stamp) is not None
        built[language] = (place.folder / place.name).stat().st_ino
    library = ChromaLibrary(shelf, tmp_path, "fake", thread)
    await library.open()
    assert await best(library) == PAYING.id
    for language, inode in built.items():
        place = Place.of(tmp_path, live, language)
        assert (place.folder / place.name).stat().st_ino == inode  # nobody has built it again
    await library.close()


async def test_servers_wait_for_it_and_serve_the_one_before(
    tmp_path: Path, thread: ThreadPoolExecutor
):
    shelf = FakeShelf()
    await publish(shelf, tmp_path)
    library = ChromaLibrary(shelf, tmp_path, "fake", thread)
    await library.open()
    with locked(lock_of(tmp_path)):  # as from the moment before it is published
        encoder = ArticleEncoder(encode, "fake")
        await ingest(shelf, encoder, FakeClock(), kb="shop", articles=[PAYING])
        swapping = asyncio.ensure_future(library.refresh())
        for _ in range(10):
            assert await best(library) == PAYING.id
        assert [edition.version for edition in library.editions()] == [1]
    await swapping
    assert [edition.version for edition in library.editions()] == [2]
    await library.close()


async def test_what_cannot_be_built_is_live_all_the_same(
    tmp_path: Path, thread: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
):
    shelf = FakeShelf()
    in_the_way = tmp_path / "shop-en-1"
    in_the_way.write_text("a file where a folder should be")
    await publish(shelf, tmp_path)
    assert "Whoever serves shop builds its index" in caplog.text
    in_the_way.unlink()
    library = ChromaLibrary(shelf, tmp_path, "fake", thread)
    await library.open()
    assert await best(library) == PAYING.id
    await library.close()
