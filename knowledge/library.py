"""The library: every knowledge base at its live edition, swapped in whole."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.domain.errors import CarelineError, KnowledgeError
from bot.domain.knowledge import Article, Consultation, Passage
from bot.domain.ports import Edition, Shelf
from bot.domain.reading import Reading
from knowledge import index
from knowledge.chroma import Collections
from knowledge.encoder import Vectors
from knowledge.gate import decide
from knowledge.index import Index, Place
from knowledge.ranking import Scored
from knowledge.tidy import drop_old

log = logging.getLogger("careline.knowledge")

_PASSAGES = 3
_RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Book:
    """One knowledge base at one edition. It never changes: a new edition is a new book."""

    edition: Edition
    main: str
    indexes: dict[str, Index]
    by_id: dict[str, Article]

    def consult(self, question: str, query: Vectors, language: str | None) -> Consultation:
        """Blocking, about a millisecond."""
        found = self.indexes.get(language or self.main) or self.indexes.get(self.main)
        ranked = [] if found is None or len(query) == 0 else found.search(question, query)
        best = ranked[:_PASSAGES]
        return Consultation(
            decision=decide(best, self.edition.gate),
            passages=tuple(passage(found.articles[one.article], one) for one in best)
            if found
            else (),
            confidence=min(max(best[0].confidence, 0.0), 1.0) if best else 0.0,
            version=self.edition.version,
        )


def passage(article: Article, scored: Scored | None = None) -> Passage:
    """The article as found; one asked for by name has the full score."""
    return Passage(
        article=article.id,
        question=article.question,
        text=article.answer,
        score=scored.score if scored else 1.0,
        url=article.url,
        source=article.source,
    )


class ChromaLibrary:
    """The `Library` over Chroma collections derived from the shelf.

    `folder` keeps the derived files, and the collections too unless `url` names a Chroma
    server. `fingerprint` is the query encoder's. `thread` searches, off the event loop.
    """

    def __init__(
        self,
        shelf: Shelf,
        folder: Path,
        fingerprint: str,
        thread: Executor,
        *,
        url: str | None = None,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        self._shelf = shelf
        self._folder = folder
        self._fingerprint = fingerprint
        self._thread = thread
        self._url = url
        self._retry_seconds = retry_seconds
        self._collections: Collections | None = None
        self._books: dict[str, Book] = {}
        self._swapping = asyncio.Lock()

    async def open(self) -> None:
        """Bring in every live edition. One that cannot be read is logged, and refuses later."""
        await self.refresh()

    async def follow(self) -> None:
        """Swap in new editions as they are published, until cancelled."""
        while True:
            try:
                async with self._shelf.changes() as changed:
                    await self.refresh()  # what was published while nobody listened
                    async for _ in changed:
                        await self.refresh()
            except CarelineError as exc:
                log.warning("New editions cannot be followed just now: %s", exc)
            await asyncio.sleep(self._retry_seconds)

    async def consult(self, kb: str, question: str, reading: Reading) -> Consultation:
        """Find what answers a question. Raises `KnowledgeError` if `kb` has no live version."""
        book = self._book(kb)
        query = np.asarray(reading.vector, dtype=np.float32)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, book.consult, question, query, reading.language
        )

    async def article(self, kb: str, article: str) -> Passage | None:
        found = self._book(kb).by_id.get(article)
        return None if found is None else passage(found)

    async def close(self) -> None:
        collections, self._collections, self._books = self._collections, None, {}
        if collections is not None:
            await asyncio.to_thread(collections.close)

    def editions(self) -> tuple[Edition, ...]:
        """What is being served, for health pages."""
        return tuple(book.edition for book in self._books.values())

    def _book(self, kb: str) -> Book:
        try:
            return self._books[kb]
        except KeyError:
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

    async def _swapped(self, edition: Edition) -> Book | None:
        """The book for an edition; the old one while the new cannot be read."""
        present = self._books.get(edition.kb)
        if present is not None and present.edition == edition:
            return present
        try:
            return await self._opened(edition)
        except KnowledgeError as exc:
            name, version = edition.kb, edition.version
            log.error("Version %d of %s is not served: %s", version, name, exc)  # noqa: TRY400 - the reason says it all
            return present

    async def _opened(self, edition: Edition) -> Book:
        if edition.fingerprint != self._fingerprint:
            raise KnowledgeError("it was encoded with another encoder: ingest it again")
        if self._collections is None:
            folder = self._folder / "chroma"
            self._collections = await asyncio.to_thread(Collections.open, folder, self._url)
        found = await self._shelf.articles(edition.kb, edition.version)
        # Sorted here: a database may sort ids otherwise after an upgrade, and rows go by place.
        articles = sorted(found, key=lambda one: one.id)
        indexes = {
            language: await self._index(
                self._collections, edition, language, _only(articles, language)
            )
            for language in {article.language for article in articles}
        }
        await self._tidy(self._collections, edition)
        return Book(edition, _main(articles), indexes, {one.id: one for one in articles})

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


def _only(articles: Sequence[Article], language: str) -> list[Article]:
    return [article for article in articles if article.language == language]


def _main(articles: Sequence[Article]) -> str:
    """The language most articles are in; the first by name among equals."""
    counts = Counter(article.language for article in articles)
    return min(counts, key=lambda language: (-counts[language], language), default="en")
