"""Reaching the database as a server starts: one that has a URL may be away, and is awaited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import typer

from bot.domain.errors import Unavailable
from bot.running import Kind, waiting_door
from bot.settings import Settings
from bot.storage import Storage, open_storage

AGAIN_S = 2


@asynccontextmanager
async def reached(settings: Settings, kind: Kind) -> AsyncIterator[Storage]:
    """The storage once the database answers; until then this process lives and is not ready."""
    async with AsyncExitStack() as stack:
        try:
            storage = await stack.enter_async_context(open_storage(settings))
        except Unavailable:
            if settings.database.url is None:  # our own server: it has said what is wrong
                raise
            async with waiting_door(settings, kind):
                storage = await _awaited(stack, settings)
        yield storage


async def _awaited(stack: AsyncExitStack, settings: Settings) -> Storage:
    while True:
        typer.echo(
            "careline: waiting for the database: is it running, and is database.url right? "
            f"Trying again in {AGAIN_S} s.",
            err=True,
        )
        await asyncio.sleep(AGAIN_S)
        with suppress(Unavailable):
            storage = await stack.enter_async_context(open_storage(settings))
            typer.echo("careline: the database is there.", err=True)
            return storage
