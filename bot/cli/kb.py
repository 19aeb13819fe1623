"""`careline kb`: the knowledge bases, their history, and the way back."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import run, settings_of
from bot.domain.errors import KnowledgeError
from bot.domain.ports import Publication
from bot.domain.teaching import Proposal
from bot.settings import Settings
from bot.storage import open_storage

_DECIDED = 10_000

app = typer.Typer(help="The knowledge bases, their versions, and the way back.")

Name = Annotated[str, typer.Argument(help="The knowledge base.")]


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """List them, when nothing else is asked for."""
    if context.invoked_subcommand is None:
        list_(context)


@app.command("list", help="The knowledge bases and their live versions.")
def list_(context: typer.Context) -> None:
    for line in run(partial(_live, settings_of(context))):
        typer.echo(line)


@app.command(help="What was live when, the newest first.")
def history(context: typer.Context, name: Name) -> None:
    for line in run(partial(_history, settings_of(context), name)):
        typer.echo(line)


@app.command(help="Make an earlier version live at once.")
def rollback(
    context: typer.Context,
    name: Name,
    to: Annotated[
        int | None, typer.Option(min=1, help="The version; else the one that was live before.")
    ] = None,
) -> None:
    typer.echo(run(partial(_rollback, settings_of(context), name, to)))


async def _live(settings: Settings) -> list[str]:
    async with open_storage(settings) as storage:
        return [
            f"{e.kb:24} version {e.version:4} {e.articles:6} articles  {e.made_at:%Y-%m-%d %H:%M}"
            for e in await storage.shelf.live()
        ]


async def _history(settings: Settings, name: str) -> list[str]:
    async with open_storage(settings) as storage:
        found = await storage.archive.publications(name)
        decided = await storage.proposals.found(name, limit=_DECIDED)
    if not found:
        raise KnowledgeError(_unknown(name))
    lessons = _by_version(decided)
    lines: list[str] = []
    for place, one in enumerate(found):
        lines.append(_told(one, live=place == 0))
        if one.act == "ingest":
            lines += lessons.get(one.version, [])
    return lines


def _by_version(decided: Sequence[Proposal]) -> dict[int, list[str]]:
    """What became live, or went, with each version: who decided it, and when."""
    found: dict[int, list[str]] = {}
    for one in decided:
        if one.version and one.decided_at:
            said = f"approved by {one.decided_by} {one.decided_at:%Y-%m-%d %H:%M}"
            found.setdefault(one.version, []).append(f"    {one.article_id()}: {said}")
        if one.undone_version and one.undone_at:
            said = f"undone by {one.undone_by} {one.undone_at:%Y-%m-%d %H:%M}"
            found.setdefault(one.undone_version, []).append(f"    {one.article_id()}: {said}")
    return found


def _told(one: Publication, *, live: bool) -> str:
    act = "taken in" if one.act == "ingest" else "rolled back to"
    state = "live" if live else "kept" if one.kept else ""
    return (
        f"{one.at:%Y-%m-%d %H:%M}  version {one.version:4}  {one.articles:6} articles  "
        f"{act:14}  {state}".rstrip()
    )


async def _rollback(settings: Settings, name: str, to: int | None) -> str:
    async with open_storage(settings) as storage:
        found = await storage.archive.publications(name)
        if not found:
            raise KnowledgeError(_unknown(name))
        live = found[0].version
        version = _before(found) if to is None else to
        kept = sorted({one.version for one in found if one.kept})
        if version not in kept or version == live:
            choice = ", ".join(str(one) for one in kept if one != live) or "none"
            raise KnowledgeError(
                f"Version {live} of {name} is live, and can be rolled back to: {choice}."
            )
        await storage.archive.restore(name, version, storage.clock.now())
    return f"{name}: version {version} is live again instead of {live}"


def _before(found: tuple[Publication, ...]) -> int:
    """The version that was live before this one, as far as it is kept."""
    others = (one.version for one in found if one.kept and one.version != found[0].version)
    return next(others, 0)


def _unknown(name: str) -> str:
    return f"There is no knowledge base {name}: `careline kb` lists them."
