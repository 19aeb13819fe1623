"""The library: every knowledge base at its live edition, swapped in whole."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bot.domain.errors import KnowledgeError, Unavailable
from bot.domain.knowledge import Article, Consultation, Passage
from bot.domain.ports import Edition, Shelf
from bot.domain.reading import Reading
from knowledge import index
from knowledge.book import Book, passage
from knowledge.chroma import ANSWER_SECONDS, Collections
from knowledge.index import Index, Place
from knowledge.tidy import drop_old
from knowledge.vocabulary import Knows

log = logging.getLogger("careline.knowledge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the library waits, in seconds.

    `search`: for a search, that takes milliseconds where all is well. `server`: for one answer
    of a Chroma server. `retry`: before it tries again what failed, twice as long each time up
    to `longest`.
    """

    search: float = 5.0
    server: float = ANSWER_SECONDS
    retry: float = 2.0
    longest: float = 30.0


_USUAL = Patience()


def _nothing(_word: str) -> bool:
    return False


class ChromaLibrary:
    """The `Library` over Chroma collections derived from the shelf.

    `folder` keeps the derived files, and the collections too unless `url` names a Chroma
    server. `fingerprint` is the query encoder's. `thread` searches, off the event loop: one
    of its own, because a server that hangs must not hold up the encoder. `knows` tells ordinary
    words from slips of the pen.
    """

    def __init__(  # noqa: PLR0913 - what it asks, and how patiently
        self,
        shelf: Shelf,
        folder: Path,
        fingerprint: str,
        thread: Executor,
        *,
        url: str | None = None,
        patience: Patience = _USUAL,
        knows: Knows = _nothing,
    ) -> None:
        self._shelf = shelf
        self._folder = folder
        self._fingerprint = fingerprint
        self._thread = thread
        self._url = url
        self._patience = patience
        self._knows = knows
        self._collections: Collections | None = None
        self._books: dict[str, Book] = {}
        self._ailing: set[str] = set()
        self._wrong = asyncio.Event()
        self._ended = False
        self._swapping = asyncio.Lock()

    async def open(self) -> None:
        """Bring in every live edition. One that cannot be read is logged, and refuses later."""
        await self.refresh()

    async def follow(self) -> None:
        """Swap in new editions as they are published and mend what fails, until cancelled."""
        self._ended = False
        async with asyncio.TaskGroup() as group:
            mending = group.create_task(self._mend())
            try:
                await self._swap_what_changes()
            finally:
                # A group cancels but once, and a wait for the database may forget that.
                self._ended = True
                mending.cancel()

    async def _swap_what_changes(self) -> None:
        while True:
            try:
                async with self._shelf.changes() as changed:
                    await self.refresh()  # what was published while nobody listened
                    async for _ in changed:
                        await self.refresh()
            except Exception as exc:  # noqa: BLE001 - nothing may end the following of editions
                log.warning("New editions cannot be followed just now: %s", type(exc).__name__)
            await asyncio.sleep(self._patience.retry)

    async def _mend(self) -> None:
        """Refresh as soon as something is wrong, then ever more patiently."""
        pause = 0.0
        while not self._ended:
            await self._wrong.wait()
            await asyncio.sleep(pause)
            self._wrong.clear()
            try:
                await self.refresh()
            except Exception as exc:  # noqa: BLE001 - it is tried again
                log.warning("Editions cannot be read just now: %s", type(exc).__name__)
                self._wrong.set()
            longer = min(max(2 * pause, self._patience.retry), self._patience.longest)
            pause = longer if self._wrong.is_set() else 0.0

    async def consult(
        self,
        kb: str,
        question: str,
        reading: Reading,
        line: str | None = None,
        *,
        choices: bool = True,
    ) -> Consultation:
        """Find what answers a question, in articles that are open to the line.

        Without `choices` nothing is offered: the best article answers, or it is not known.
        Raises `KnowledgeError` if `kb` has no live version, or its index does not answer in
        time: then `follow` opens it again, and until that is done every question is refused.
        """
        book = self._book(kb)
        if kb in self._ailing:
            raise KnowledgeError(_unread(kb))
        query = np.asarray(reading.vector, dtype=np.float32)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._patience.search):
                search = partial(
                    book.consult, question, query, reading.language, line, choices=choices
                )
                return await loop.run_in_executor(self._thread, search)
        except KnowledgeError:
            self._distrust(book)
            raise
        except TimeoutError as exc:
            self._distrust(book)
            raise KnowledgeError(f"The search in {kb} takes too long.") from exc

    def _distrust(self, book: Book) -> None:
        kb = book.edition.kb
        if self._books.get(kb) is book:  # and not a newer one, which is not to blame
            self._ailing.add(kb)
            self._wrong.set()

    async def article(self, kb: str, article: str, line: str | None = None) -> Passage | None:
        found = self._book(kb).by_id.get(article)
        return passage(found) if found is not None and found.open_to(line) else None

    async def mend(self, kb: str, text: str) -> str:
        """Mend slips with the words of the live version; about a tenth of a millisecond."""
        # Not on the thread that searches: a server that hangs must not hold this up.
        return await asyncio.to_thread(self._book(kb).words.mended, text)

    async def close(self) -> None:
        collections, self._collections, self._books = self._collections, None, {}
        if collections is not None:
            await asyncio.to_thread(collections.close)

    def editions(self) -> tuple[Edition, ...]:
        """What is being served, for health pages."""
        return tuple(book.edition for kb, book in self._books.items() if kb not in self._ailing)

    def ailing(self) -> tuple[str, ...]:
        """Knowledge bases that have a live version of which the index cannot be read."""
        return tuple(sorted(self._ailing))

    def _book(self, kb: str) -> Book:
        try:
            return self._books[kb]
        except KeyError:
            if kb in self._ailing:
                raise KnowledgeError(_unread(kb)) from None
            raise KnowledgeError(
                f"The knowledge base {kb} has no live version: run `careline ingest` for it."
            ) from None

    async def refresh(self) -> None:
        """Serve what is live now. Raises what the shelf raises."""
        async with self._swapping:
            live = await self._shelf.live()
            for edition in live:
                book = await self._swapped(edition)
                if book is not None:  # at once, whatever the others take
                    self._books = {**self._books, edition.kb: book}
            names = {edition.kb for edition in live}
            self._books = {kb: book for kb, book in self._books.items() if kb in names}
            self._ailing &= names

    async def _swapped(self, edition: Edition) -> Book | None:
        """The book for an edition; the old one while the new cannot be read."""
        present = self._books.get(edition.kb)
        if present is not None and present.edition == edition and edition.kb not in self._ailing:
            return present
        try:
            book = await self._opened(edition)
        except Unavailable:
            raise
        except Exception as exc:  # noqa: BLE001 - one that cannot be read must not stop the others
            name, version = edition.kb, edition.version
            log.error("Version %d of %s is not served: %s", version, name, exc)  # noqa: TRY400 - the reason says it all
            if edition.fingerprint == self._fingerprint:  # only an ingest mends the other case
                self._wrong.set()
                if present is None:
                    self._ailing.add(name)
            return present
        self._ailing.discard(edition.kb)
        return book

    async def _opened(self, edition: Edition) -> Book:
        if edition.fingerprint != self._fingerprint:
            raise KnowledgeError("it was encoded with another encoder: ingest it again")
        collections = await self._reached()
        found = await self._shelf.articles(edition.kb, edition.version)
        if len(found) != edition.articles:
            raise KnowledgeError("newer versions have replaced it meanwhile")
        # Sorted here: a database may sort ids otherwise after an upgrade, and rows go by place.
        articles, spoken = await asyncio.to_thread(_sorted, found)
        indexes = {
            language: await self._index(collections, edition, language, theirs)
            for language, theirs in spoken.items()
        }
        await self._tidy(collections, edition)
        return await asyncio.to_thread(Book.of, edition, articles, indexes, self._knows)

    async def _reached(self) -> Collections:
        if self._collections is None:
            folder = self._folder / "chroma"
            self._collections = await asyncio.to_thread(
                Collections.open, folder, self._url, seconds=self._patience.server
            )
        return self._collections

    async def _tidy(self, collections: Collections, edition: Edition) -> None:
        try:
            await asyncio.to_thread(drop_old, collections, self._folder, edition)
        except KnowledgeError as exc:  # the next edition tries again
            log.warning("Old versions of %s stay: %s", edition.kb, exc)

    async def _index(
        self, collections: Collections, edition: Edition, language: str, articles: list[Article]
    ) -> Index:
        place = Place.of(self._folder, edition, language)
        found = await asyncio.to_thread(index.load, collections, place, articles)
        if found is None:
            phrasings = await self._shelf.phrasings(edition.kb, edition.version)
            found = await asyncio.to_thread(index.build, collections, place, articles, phrasings)
        return found


def _unread(kb: str) -> str:
    return f"The index of {kb} cannot be read just now: it is being opened again."


def _sorted(found: Sequence[Article]) -> tuple[list[Article], dict[str, list[Article]]]:
    """All by their ids, and the same by their languages."""
    articles = sorted(found, key=lambda one: one.id)
    spoken: dict[str, list[Article]] = {}
    for article in articles:
        spoken.setdefault(article.language, []).append(article)
    return articles, spoken
