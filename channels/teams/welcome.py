"""The first words where somebody has installed the app: who speaks, and what may be asked."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from bot.domain.errors import CarelineError, TryLater
from bot.domain.message import Address, Inbound

log = logging.getLogger("careline.teams")

WORDS = (
    "Hello! I am an assistant, not a person. Ask me anything: I answer from approved articles, and "
    "bring in a person whenever you ask for one."
)
CALL = "Mention me in a message here, and I answer below it."
_MOST, _KEPT, _TRIES = 3, 1_000, 3
Prompts: TypeAlias = Callable[[Address], Awaitable[Sequence[str]]]
Says: TypeAlias = Callable[[Address, dict[str, Any]], Awaitable[None]]


class Welcome:
    """Greets each place once, beside all other work; what is lost in a crash is only a greeting."""

    def __init__(self, prompts: Prompts, says: Says) -> None:
        self._prompts = prompts
        self._says = says
        self._waiting: asyncio.Queue[Address] = asyncio.Queue(_KEPT)
        self._known: OrderedDict[str, None] = OrderedDict()

    def joined(self, event: Inbound) -> None:
        """Somebody has installed the app there; an event that comes again is known."""
        if event.key in self._known or self._waiting.full():
            return
        self._known[event.key] = None
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self._waiting.put_nowait(event.address)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            place = await self._waiting.get()
            try:
                await self._greet(place)
            except CarelineError as exc:
                log.warning("teams_not_welcomed", extra={"error": type(exc).__name__})

    async def _greet(self, place: Address) -> None:
        activity = welcome(place, await self._prompts(place))
        for last in (*[False] * (_TRIES - 1), True):
            try:
                await self._says(place, activity)
            except TryLater as exc:
                if last:
                    raise
                await asyncio.sleep(exc.after.total_seconds())
            else:
                return


def welcome(place: Address, prompts: Sequence[str]) -> dict[str, Any]:
    """Suggested questions are shown in personal chats alone.

    https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/prompt-suggestions
    """
    personal = not place.room.startswith("19:")
    activity: dict[str, Any] = {
        "type": "message",
        "text": WORDS if personal else f"{WORDS} {CALL}",
        "textFormat": "markdown",
    }
    if personal and prompts:
        shown = [{"type": "imBack", "title": one, "value": one} for one in prompts[:_MOST]]
        activity["suggestedActions"] = {"to": [], "actions": shown}
    return activity
