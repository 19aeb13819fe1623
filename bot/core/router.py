"""The first handler whose filter says yes takes the turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.filters import Filter
from bot.domain.conversation import Outcome, Turn
from bot.domain.errors import CarelineError


class Unhandled(CarelineError):
    """No handler wanted the turn: a hole in the table of routes."""


class Handler(Protocol):
    """Decides what should happen with a turn; makes nothing happen."""

    async def __call__(self, turn: Turn) -> Outcome:
        """The outcome of a turn this handler accepted."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table: who takes which turns."""

    accepts: Filter
    handler: Handler


class Router:
    """An ordered table of routes."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = tuple(routes)

    async def __call__(self, turn: Turn) -> Outcome:
        for route in self._routes:
            if route.accepts(turn):
                return await route.handler(turn)
        raise Unhandled(f"nothing handles {turn.event.kind} held by {turn.conversation.holder}")
