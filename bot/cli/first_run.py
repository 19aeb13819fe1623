"""What the very first start does: export the encoder, and take in the starter packs."""

import asyncio
import sys
from contextlib import suppress

import typer

from bot.domain.errors import KnowledgeError
from bot.main import encoder_folder
from bot.settings import Settings, options_of
from bot.storage import Storage
from knowledge.manifest import NAME
from knowledge.sources import pack_names, pack_path

_STDERR = 2


async def prepare(storage: Storage) -> None:
    """Make the first start complete; later starts find everything done.

    The heavy libraries run in child processes: the serving process never imports them.
    """
    await ensure_encoder(storage.settings)
    if not storage.settings.knowledge.packs:
        return
    live = {edition.kb for edition in await storage.shelf.live()}
    for kb in dict.fromkeys(line.kb for line in storage.settings.lines.values()):
        if kb not in live and kb in pack_names():
            typer.echo(f"Taking in the starter pack {kb!r} (once) …", err=True)
            options = options_of(storage.settings)
            await _child("bot", *options, "ingest", str(pack_path(kb)), "--kb", kb)


async def ensure_encoder(settings: Settings) -> None:
    """Export the encoder once."""
    folder = encoder_folder(settings)
    if (folder / NAME).is_file():
        return
    typer.echo("Preparing the language encoder (once, about half a minute) …", err=True)
    await _child("knowledge.export", str(folder))


async def _child(module: str, *arguments: str) -> None:
    # To stderr with what it says: the output of a command is its result, for programs to read.
    command = (sys.executable, "-m", module, *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=_STDERR)
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):  # the signal that stops us has reached it as well
            process.terminate()
        await process.wait()
        raise
    if code != 0:
        raise KnowledgeError(
            f"python -m {module} ended with code {code}: see the lines above; are the packages "
            "of `pip install careline[ingest]` installed?"
        )
