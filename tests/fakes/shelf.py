"""A shelf in memory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias

from bot.domain.errors import Conflict, KnowledgeError, Unavailable
from bot.domain.knowledge import Article, Calibration
from bot.domain.ports import Edition, Phrasing, Publication
from tests.fakes.proposals import FakeProposals

_Act: TypeAlias = Literal["ingest", "rollback"]


class FakeShelf(FakeProposals):
    """A `Shelf`, with its `Proposals`, that keeps the live edition and the two before it.

    `away` makes it raise as a lost database would.
    """

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self._editions: dict[tuple[str, int], Edition] = {}
        self._articles: dict[tuple[str, int], tuple[Article, ...]] = {}
        self._phrasings: dict[tuple[str, int], tuple[Phrasing, ...]] = {}
        self._live: dict[str, int] = {}
        self._publications: list[tuple[str, int, _Act, datetime, int]] = []
        self._calibrations: dict[str, Calibration] = {}
        self._listening: set[asyncio.Queue[str | None]] = set()
        self._moved = asyncio.Condition()

    async def live(self) -> tuple[Edition, ...]:
        self._reach()
        return tuple(self._editions[kb, self._live[kb]] for kb in sorted(self._live))

    async def articles(self, kb: str, version: int) -> tuple[Article, ...]:
        self._reach()
        return self._articles.get((kb, version), ())

    async def questions(self, kb: str, line: str, *, most: int = 20) -> tuple[str, ...]:
        known = await self.articles(kb, self._live.get(kb, 0))
        return tuple(a.question for a in known if a.open_to(line) and not a.human_led)[:most]

    async def phrasings(self, kb: str, version: int) -> tuple[Phrasing, ...]:
        self._reach()
        return self._phrasings.get((kb, version), ())

    async def publish(
        self, edition: Edition, articles: Sequence[Article], phrasings: Sequence[Phrasing]
    ) -> int:
        self._reach()
        kb = edition.kb
        if edition.version != self._live.get(kb, 0):
            raise Conflict(f"{kb} was published by somebody else")
        version = max((held for name, held in self._editions if name == kb), default=0) + 1
        self._editions[kb, version] = replace(edition, version=version)
        self._articles[kb, version] = tuple(sorted(articles, key=lambda one: one.id))
        self._phrasings[kb, version] = tuple(sorted(phrasings, key=lambda one: one.article))
        self._live[kb] = version
        self._publications.append((kb, version, "ingest", edition.made_at, len(articles)))
        oldest = min(version - 2, edition.version)
        for held in [held for name, held in self._editions if name == kb and held < oldest]:
            for kept in (self._editions, self._articles, self._phrasings):
                kept.pop((kb, held))
        for queue in self._listening:
            queue.put_nowait(kb)
        return version

    async def calibration(self, kb: str) -> Calibration | None:
        self._reach()
        return self._calibrations.get(kb)

    async def relabel(self, kb: str, calibration: Calibration) -> None:
        self._reach()
        self._calibrations[kb] = calibration

    @asynccontextmanager
    async def changes(self) -> AsyncIterator[AsyncIterator[str]]:
        self._reach()
        queue: asyncio.Queue[str | None] = asyncio.Queue()

        async def names() -> AsyncIterator[str]:
            while True:
                name = await queue.get()
                if name is None:
                    raise Unavailable("the database went away")
                yield name

        await self._listen(self._listening | {queue})
        try:
            yield names()
        finally:
            await self._listen(self._listening - {queue})

    async def followed_by(self, count: int) -> None:
        """Wait until that many follow the changes."""
        async with self._moved:
            await self._moved.wait_for(lambda: len(self._listening) == count)

    async def _listen(self, queues: set[asyncio.Queue[str | None]]) -> None:
        async with self._moved:
            self._listening = queues
            self._moved.notify_all()

    def lose(self) -> None:
        """The database goes away, and everybody who listens hears of it."""
        self.away = True
        for queue in self._listening:
            queue.put_nowait(None)

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("the database is away")


class FakeArchive:
    """An `Archive` of what is on a shelf in memory."""

    def __init__(self, shelf: FakeShelf) -> None:
        self._shelf = shelf

    async def publications(self, kb: str) -> tuple[Publication, ...]:
        shelf = self._shelf
        return tuple(
            Publication(
                kb=kb, version=version, act=act, at=at, articles=articles,
                kept=(kb, version) in shelf._editions,
            )
            for name, version, act, at, articles in reversed(shelf._publications)
            if name == kb
        )  # fmt: skip

    async def restore(self, kb: str, version: int, at: datetime) -> None:
        shelf = self._shelf
        if (kb, version) not in shelf._editions:
            raise KnowledgeError(f"Version {version} of {kb} is not kept any more.")
        shelf._live[kb] = version
        articles = shelf._editions[kb, version].articles
        shelf._publications.append((kb, version, "rollback", at, articles))
        for queue in shelf._listening:
            queue.put_nowait(kb)
