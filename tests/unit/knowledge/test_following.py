"""Following the shelf goes on whatever happens, and mends what failed."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typing_extensions import override

from bot.domain.errors import KnowledgeError, Unavailable
from bot.domain.knowledge import Article
from bot.domain.ports import Edition
from bot.domain.reading import Reading
from knowledge.book import Book
from knowledge.library import ChromaLibrary, Patience
from tests.fakes.shelf import FakeShelf

PATIENCE_SECONDS = 20.0
QUICK = Patience(retry=0.01, longest=0.01, search=0.05)
ARTICLE = Article(id="track", question="Where is it?", answer="Here.")
EDITION = Edition(
    kb="shop",
    version=0,
    fingerprint="fake",
    articles=1,
    gate=(0.5, 0.25),
    made_at=datetime(2026, 3, 2, tzinfo=UTC),
)


class Stumbling(FakeShelf):
    """Following it fails a few times, in a way that nobody has foreseen."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    @override
    @asynccontextmanager
    async def changes(self) -> AsyncIterator[AsyncIterator[str]]:
        if self.times:
            self.times -= 1
            raise OSError(28, "No space left on device")
        async with super().changes() as changed:
            yield changed


class Indexless(ChromaLibrary):
    """Opens books that hold no index, after as many failures as it is told."""

    failures = 0
    fault: Exception = KnowledgeError("the server is away")
    opened = 0

    @override
    async def _opened(self, edition: Edition) -> Book:
        if self.failures:
            self.failures -= 1
            raise self.fault
        self.opened += 1
        return Book.of(edition, [ARTICLE], {}, lambda _: True)


@pytest.fixture
def shelf() -> FakeShelf:
    return FakeShelf()


@pytest.fixture
async def library(shelf: FakeShelf, tmp_path: Path) -> AsyncIterator[Indexless]:
    with ThreadPoolExecutor(1) as thread:
        library = Indexless(shelf, tmp_path, "fake", thread, patience=QUICK)
        yield library
        await library.close()


async def published(shelf: FakeShelf, *kbs: str) -> None:
    for kb in kbs:
        await shelf.publish(replace(EDITION, kb=kb), [ARTICLE], [])


async def until_served(library: ChromaLibrary) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not library.editions():  # noqa: ASYNC110 - the library swaps without telling anybody
            await asyncio.sleep(0.01)


async def test_it_goes_on_after_an_error_nobody_has_foreseen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    shelf = Stumbling(2)
    with ThreadPoolExecutor(1) as thread:
        library = Indexless(shelf, tmp_path, "fake", thread, patience=QUICK)
        async with asyncio.TaskGroup() as group:
            following = group.create_task(library.follow())
            await shelf.followed_by(1)
            await published(shelf, "shop")
            await until_served(library)
            following.cancel()
    assert "OSError" in caplog.text
    assert "No space" not in caplog.text


@pytest.mark.parametrize("fault", [KnowledgeError("away"), ValueError("not an article")])
async def test_what_could_not_be_opened_is_tried_again_soon(
    shelf: FakeShelf, library: Indexless, fault: Exception
):
    await published(shelf, "shop")
    library.failures, library.fault = 3, fault
    await library.open()
    assert (library.editions(), library.ailing()) == ((), ("shop",))
    with pytest.raises(KnowledgeError, match="just now"):
        await library.consult("shop", "where", Reading())
    async with asyncio.TaskGroup() as group:
        following = group.create_task(library.follow())
        await until_served(library)  # nothing is published: the shelf says nothing
        following.cancel()
    assert library.ailing() == ()


async def test_one_that_cannot_be_opened_does_not_stop_the_others(
    shelf: FakeShelf, library: Indexless
):
    await published(shelf, "it", "shop")
    library.failures, library.fault = 1, ValueError("not an article")
    await library.open()
    assert [one.kb for one in library.editions()] == ["shop"]
    assert library.ailing() == ("it",)


async def test_a_new_edition_that_cannot_be_opened_leaves_the_old_one(
    shelf: FakeShelf, library: Indexless
):
    await published(shelf, "shop")
    await library.open()
    await shelf.publish(replace(EDITION, version=1), [ARTICLE], [])
    library.failures = 1
    await library.refresh()
    assert [one.version for one in library.editions()] == [1]
    assert library.ailing() == ()
    await library.refresh()
    assert [one.version for one in library.editions()] == [2]


async def test_it_ends_when_it_is_cancelled(shelf: FakeShelf, library: Indexless):
    following = asyncio.ensure_future(library.follow())
    await shelf.followed_by(1)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await following


async def test_a_database_that_is_away_is_told(shelf: FakeShelf, library: Indexless):
    shelf.away = True
    with pytest.raises(Unavailable):
        await library.open()


async def test_a_knowledge_base_that_went_ails_no_longer(shelf: FakeShelf, library: Indexless):
    await published(shelf, "shop")
    library.failures = 1
    await library.open()
    shelf._live.clear()
    await library.refresh()
    assert library.ailing() == ()
