"""Builds the index of a new edition in the process that ingests, ahead of those that serve it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article, Calibration
from bot.domain.ports import Edition, Phrasing, Shelf
from bot.domain.teaching import Proposal
from knowledge.chroma import Collections
from knowledge.index import Place, fill, lock_of
from knowledge.locks import locked

log = logging.getLogger("careline.knowledge")


class ShelfBuiltAhead:
    """A `Shelf` that also builds what an edition is searched with, in `folder` or at `url`.

    From before the edition is published until it is built, the lock of the folder is held:
    processes that serve out of it wait to open the new edition, and serve the one before.
    Whatever fails or dies here, they build the index themselves.
    """

    def __init__(self, shelf: Shelf, folder: Path, url: str | None = None) -> None:
        self._shelf = shelf
        self._folder = folder
        self._url = url

    async def live(self) -> tuple[Edition, ...]:
        return await self._shelf.live()

    async def articles(self, kb: str, version: int) -> tuple[Article, ...]:
        return await self._shelf.articles(kb, version)

    async def questions(self, kb: str, line: str, *, most: int = 20) -> tuple[str, ...]:
        return await self._shelf.questions(kb, line, most=most)

    async def phrasings(self, kb: str, version: int) -> tuple[Phrasing, ...]:
        return await self._shelf.phrasings(kb, version)

    async def calibration(self, kb: str) -> Calibration | None:
        return await self._shelf.calibration(kb)

    async def relabel(self, kb: str, calibration: Calibration) -> None:
        await self._shelf.relabel(kb, calibration)

    async def decided(self, kb: str) -> tuple[Proposal, ...]:
        return await self._shelf.decided(kb)

    async def published(self, proposals: Sequence[Proposal], version: int) -> None:
        await self._shelf.published(proposals, version)

    async def take_waiting(self, now: datetime) -> tuple[str, ...]:
        return await self._shelf.take_waiting(now)

    def changes(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        return self._shelf.changes()

    async def publish(
        self, edition: Edition, articles: Sequence[Article], phrasings: Sequence[Phrasing]
    ) -> int:
        with ExitStack() as stack:
            await asyncio.to_thread(stack.enter_context, locked(lock_of(self._folder)))
            version = await self._shelf.publish(edition, articles, phrasings)
            made = replace(edition, version=version)
            try:
                await asyncio.to_thread(self._build, made, articles, phrasings)
            except KnowledgeError as exc:
                log.warning("Whoever serves %s builds its index: %s", edition.kb, exc)
        return version

    def _build(
        self, edition: Edition, articles: Sequence[Article], phrasings: Sequence[Phrasing]
    ) -> None:
        collections = Collections.open(self._folder / "chroma", self._url)
        try:
            for language in sorted({article.language for article in articles}):
                spoken = [article for article in articles if article.language == language]
                ordered = sorted(spoken, key=lambda one: one.id)
                fill(collections, Place.of(self._folder, edition, language), ordered, phrasings)
        finally:
            collections.close()
