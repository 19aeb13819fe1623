"""Turns that share one loop: few of them at work, and none for long in the others' way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.ports import Draft

LONGEST_S = 0.25
"""How long who is at work keeps others waiting: then it waits itself, for a row's lock, say."""


class Gate:
    """Lets so many pass at a time. Who takes longer goes on, and another one passes."""

    def __init__(self, width: int) -> None:
        self._places = asyncio.Semaphore(width)

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        await self._places.acquire()
        inside = True

        def leave() -> None:
            nonlocal inside
            if inside:
                inside = False
                self._places.release()

        late = asyncio.get_running_loop().call_later(LONGEST_S, leave)
        try:
            yield
        finally:
            late.cancel()
            leave()


class InTurn:
    """A draft whose sentences pass when it is their turn's turn."""

    def __init__(self, draft: Draft, gate: Gate) -> None:
        self._draft = draft
        self._gate = gate

    async def append(self, sentence: str) -> bool:
        async with self._gate.passing():
            return await self._draft.append(sentence)

    async def finish(self) -> None:
        async with self._gate.passing():
            await self._draft.finish()

    async def abandon(self) -> None:
        async with self._gate.passing():
            await self._draft.abandon()
