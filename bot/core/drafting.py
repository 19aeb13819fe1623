"""Turns that share one loop: few of them at work, and none for long in the others' way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from bot.domain.ports import Draft

LONGEST_S = 0.25
"""How long who is at work keeps others waiting: then it waits itself, for a row's lock, say."""

YIELDS_S = 0.02
"""How long one waits for those who go first: where they never end, all still pass in the end."""


class Gate:
    """Lets so many pass at a time. Who takes longer goes on, and another one passes.

    Those who go first pass beside it, and the others wait for them a little.
    """

    def __init__(self, width: int) -> None:
        self._places = asyncio.Semaphore(width)
        self._first = 0
        self._clear = asyncio.Event()
        self._clear.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Somebody who waits for none of those who pass."""
        self._first += 1
        self._clear.clear()
        try:
            yield
        finally:
            self._first -= 1
            if not self._first:
                self._clear.set()

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        await self._places.acquire()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(YIELDS_S):
                    await self._clear.wait()
        except BaseException:
            self._places.release()
            raise
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
