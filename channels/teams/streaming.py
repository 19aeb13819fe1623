"""A draft that grows in a personal chat, and goes before the answer comes.

https://learn.microsoft.com/microsoftteams/platform/bots/streaming-ux
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

from bot.domain.errors import CarelineError
from channels.teams.outbound import proper

Holds: TypeAlias = Callable[[], Awaitable[bool]]
"""Whether the bot still holds the conversation as it did when the draft was opened."""
Says: TypeAlias = Callable[[dict[str, Any]], Awaitable[str | None]]
TakesBack: TypeAlias = Callable[[str], Awaitable[None]]


class TeamsDraft:
    """Each step says all so far: one that Teams refuses (it takes one a second) is in the next."""

    def __init__(self, says: Says, takes_back: TakesBack, holds: Holds) -> None:
        self._says = says
        self._takes_back = takes_back
        self._holds = holds
        self._stream: str | None = None
        self._step = 0
        self._words = ""

    async def append(self, sentence: str) -> bool:
        # Looked at on both sides of the call: Teams is too slow to keep a claim waiting for it.
        if not await self._held():
            return False
        self._words = f"{self._words} {sentence}".strip()
        self._step += 1
        with suppress(CarelineError):
            found = await self._says(self._activity("typing", "streaming"))
            self._stream = self._stream or found
        return await self._held()

    async def finish(self) -> None:
        await self._taken_away()

    async def abandon(self) -> None:
        await self._taken_away()

    async def _held(self) -> bool:
        """A database that is away is no reason to go on writing."""
        try:
            held = await self._holds()
        except CarelineError:
            held = False
        if not held:
            await self._taken_away()
        return held

    async def _taken_away(self) -> None:
        """A stream has to end before Teams deletes what it showed."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        self._stream, ended = stream, None
        with suppress(CarelineError):
            ended = await self._says(self._activity("message", "final"))
        self._stream = None
        with suppress(CarelineError):
            await self._takes_back(ended or stream)

    def _activity(self, kind: str, state: str) -> dict[str, Any]:
        info: dict[str, Any] = {"streamType": state}
        if state == "streaming":
            info["streamSequence"] = self._step
        if self._stream is not None:
            info["streamId"] = self._stream
        return {
            "type": kind,
            "text": proper(self._words),
            "entities": [{"type": "streaminfo", **info}],
            "channelData": info,
        }
