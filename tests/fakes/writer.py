"""A writer that keeps to a script."""

import asyncio
from collections.abc import AsyncIterator

from bot.domain.ports import Brief


class FakeWriter:
    """A `Writer` that says the strings of its script, waits at its events and raises its errors.

    `started` is set when somebody first asks, `briefs` is what they asked, `ended` counts the
    writings that are over, however they ended.
    """

    def __init__(self, *script: str | asyncio.Event | Exception) -> None:
        self.script = script
        self.started = asyncio.Event()
        self.briefs: list[Brief] = []
        self.ended = 0

    async def write(self, brief: Brief) -> AsyncIterator[str]:
        self.briefs.append(brief)
        self.started.set()
        try:
            for step in self.script:
                if isinstance(step, str):
                    yield step
                elif isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    raise step
        finally:
            self.ended += 1
