"""What the jobs do: handle a room's events, deliver a room's messages, compose one answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from functools import partial

import procrastinate

from bot.core.composing import Composing
from bot.core.delivery import Delivery
from bot.core.process import Process
from bot.domain.errors import Conflict, Unavailable

log = logging.getLogger("careline.work")

_BACKOFF_S = (0.2, 1.0, 3.0)
_CONFLICT_S = 0.02
_CONFLICTS = 20
_AWAY_S = 0.5
_AWAY_TRIES = 20


def register(
    app: procrastinate.App,
    process: Process,
    delivery: Delivery,
    composing: Composing | None,
) -> None:
    """Give the engine its tasks; their names are the kinds of `Job`."""
    first = composing.first if composing is not None else nullcontext

    async def handle(room: str) -> None:
        with first():
            await handle_room(process, room)

    async def deliver(room: str) -> None:
        await patiently(lambda: delivery.deliver(room))

    async def compose(ref: str) -> None:
        if composing is not None:
            await compose_one(composing, ref)

    for task in (handle, deliver, compose):
        app.task(name=task.__name__)(task)


async def handle_room(process: Process, room: str) -> None:
    """Work through every undone event of a room; a failing one is tried again, then parked."""
    failures = conflicts = 0
    while True:
        patient = conflicts < _CONFLICTS
        try:
            if not await patiently(partial(process.step, room, patient=patient)):
                return
            failures = conflicts = 0
        except Conflict:  # a press came in between: read again
            conflicts += 1
            await asyncio.sleep(_CONFLICT_S)
        except Exception as exc:  # noqa: BLE001  counted and parked by the process
            log.warning("event_failed", extra={"room": room, "error": type(exc).__name__})
            await asyncio.sleep(_BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)])
            failures += 1


async def compose_one(composing: Composing, ref: str) -> None:
    """Compose one answer; what fails is ended, since the sweep would start it for ever."""
    try:
        await patiently(lambda: composing.compose(ref))
    except Conflict:
        raise  # somebody wrote the same rows first: the sweep starts it again
    except Exception as exc:  # noqa: BLE001  whatever it was, it would be the same again
        log.warning("compose_failed", extra={"error": type(exc).__name__})
        await patiently(lambda: composing.give_up(ref))


async def patiently(act: Callable[[], Awaitable[int]] | Callable[[], Awaitable[None]]) -> int:
    """Do something, waiting for a database that is away; the sweep comes back for the rest."""
    for _ in range(_AWAY_TRIES):
        try:
            return await act() or 0
        except Unavailable:
            await asyncio.sleep(_AWAY_S)
    log.warning("database_away")
    return 0
