"""A writer that keeps to a script."""

import asyncio
from collections.abc import AsyncIterator, Callable

from bot.domain.writing import Brief, Sentence, Usage


class FakeWriter:
    """A `Writer` that says its script, waits at its events and raises its errors.

    Plain words cite the first article. `started` is set when somebody first asks, `briefs` is what
    they asked, `ended` counts the writings that are over, however they ended.
    """

    def __init__(
        self, *script: str | Sentence | asyncio.Event | Exception, usage: Usage | None = None
    ) -> None:
        self.script = script
        self.usage = usage or Usage(model="fake", tokens_in=100, tokens_out=20, micros=70)
        self.started = asyncio.Event()
        self.briefs: list[Brief] = []
        self.ended = 0

    async def write(self, brief: Brief, spend: Callable[[Usage], None]) -> AsyncIterator[Sentence]:
        self.briefs.append(brief)
        self.started.set()
        try:
            for step in self.script:
                if isinstance(step, str):
                    yield Sentence(text=step, cites=(brief.passages[0].article,))
                elif isinstance(step, Sentence):
                    yield step
                elif isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    raise step
        finally:
            self.ended += 1
            spend(self.usage)
