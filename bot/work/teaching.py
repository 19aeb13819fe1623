"""Makes decisions on proposals live, each time in a child process that gives way to the rest."""

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Sequence
from contextlib import suppress

from bot.domain.desk import Notices
from bot.domain.errors import CarelineError
from bot.domain.ports import Clock, Shelf

log = logging.getLogger("careline.work")

_LOOK_S = 30.0
_GROUP_S = 3600.0


class Publisher:
    """Publishes the knowledge bases that somebody has decided about.

    `options` are the global ones, so that the child finds the same settings and data.
    """

    def __init__(
        self, shelf: Shelf, notices: Notices, clock: Clock, options: Sequence[str]
    ) -> None:
        self._shelf = shelf
        self._notices = notices
        self._clock = clock
        self._options = tuple(options)

    async def run(self) -> None:
        """Listen for decisions, and look every half minute all the same; for ever."""
        async with self._notices.listen("gaps") as decided:
            while True:
                try:
                    await self.publish()
                except CarelineError as exc:
                    log.warning("loop_failed", extra={"loop": "gaps", "error": type(exc).__name__})
                await decided.wait(_LOOK_S)

    async def publish(self) -> None:
        """What fails is tried again in a few minutes, by whoever looks first."""
        for kb in await self._shelf.take_waiting(self._clock.now()):
            code = await beside(self._options, "kb", "publish", kb)
            if code:
                log.warning("publish_failed", extra={"kb": kb, "status": code})

    async def group(self) -> None:
        """Group what was not answered, for the desk; every hour, and not at once."""
        while True:
            await asyncio.sleep(_GROUP_S)
            if code := await beside(self._options, "gaps", "list", "--json"):
                log.warning("grouping_failed", extra={"status": code})


async def beside(options: Sequence[str], *command: str) -> int:
    """Run a command of ours in a child process; what it says to people is not for the log.

    Its exit code. It is stopped when whoever waits is.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *options, *command),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=None,
    )
    try:
        return await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
