"""Drafts of many turns at once, a few of them at work."""

import asyncio

from bot.domain.ports import Draft


class InTurn:
    """A draft whose sentences pass when it is their turn's turn."""

    def __init__(self, draft: Draft, gate: asyncio.Semaphore) -> None:
        self._draft = draft
        self._gate = gate

    async def append(self, sentence: str) -> bool:
        async with self._gate:
            return await self._draft.append(sentence)

    async def finish(self) -> None:
        async with self._gate:
            await self._draft.finish()

    async def abandon(self) -> None:
        async with self._gate:
            await self._draft.abandon()
