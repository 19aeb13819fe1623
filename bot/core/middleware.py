"""What happens around every turn: plain callables, composed once at the start."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from bot.domain.conversation import Outcome, Turn

Next: TypeAlias = Callable[[Turn], Awaitable[Outcome]]
Middleware: TypeAlias = Callable[[Next, Turn], Awaitable[Outcome]]


def compose(middleware: Sequence[Middleware], route: Next) -> Next:
    """One callable that goes through the middleware, outermost first, to the route."""
    wrapped = route
    for layer in reversed(middleware):
        wrapped = _wrap(layer, wrapped)
    return wrapped


def _wrap(layer: Middleware, inner: Next) -> Next:
    async def call(turn: Turn) -> Outcome:
        return await layer(inner, turn)

    return call
