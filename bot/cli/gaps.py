"""`careline gaps`: what the bot did not know, what people answered, and what is made of it."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, TypeAlias

import typer

from bot.cli.context import run, settings_of
from bot.cli.grouping import group_unanswered
from bot.cli.heavy import give_way, giving_way
from bot.cli.publishing import in_words, published
from bot.core.teaching import Teaching
from bot.domain.errors import BadRequest
from bot.domain.teaching import Proposal, Wording
from bot.settings import Settings
from bot.storage import open_storage

app = typer.Typer(help="Questions without a good answer, and what to make of them.",
                  no_args_is_help=True)  # fmt: skip

Id = Annotated[str, typer.Argument(metavar="ID", help="As `careline gaps list` names it.")]
By = Annotated[str, typer.Option("--by", help="Who decides; it is kept with the decision.")]
Kb = Annotated[str | None, typer.Option(help="Of this knowledge base alone.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
_LISTED = 2000
Act: TypeAlias = Callable[[Teaching], Awaitable[Proposal]]


@app.command("list", help="Group what was not answered, and list all that waits for a decision.")
def list_(
    context: typer.Context,
    kb: Kb = None,
    every: Annotated[bool, typer.Option("--all", help="With what has been decided.")] = False,
    days: Annotated[int, typer.Option(min=1, help="How far back to group questions.")] = 90,
    as_json: Json = False,
) -> None:
    found = run(partial(_listed, settings_of(context), kb, days))
    shown = [one for one in found if every or one.state == "open" or one.pending]
    if as_json:
        typer.echo(json.dumps({"gaps": [told(one) for one in shown]}, ensure_ascii=False))
        return
    for one in shown:
        typer.echo(_line(one))
    if not shown:
        typer.echo("Nothing waits for a decision.")


@app.command(help="Show one with all its words.")
def show(context: typer.Context, gap: Id, as_json: Json = False) -> None:
    one = run(partial(_shown, settings_of(context), gap))
    if as_json:
        typer.echo(json.dumps(told(one), ensure_ascii=False))
        return
    typer.echo(_line(one))
    for question in one.questions:
        typer.echo(f"  ? {question}")
    if one.answer:
        typer.echo(f"\n{one.answer}\n")
        typer.echo(f"  ({one.told_by or 'a person'} wrote this, word for word: look it over)")
    if one.article:
        typer.echo(f"  article: {one.article}" + ("" if one.kind == "phrasing" else " (nearest)"))


@app.command(help="Make it a phrasing of --article, or an article of its own, live at once.")
def approve(  # noqa: PLR0913, PLR0917  one argument per option
    context: typer.Context,
    gap: Id,
    by: By,
    article: Annotated[str | None, typer.Option(help="The article that answers it.")] = None,
    title: Annotated[str | None, typer.Option(help="The new article's own question.")] = None,
    answer: Annotated[str | None, typer.Option(help="What is answered, else as proposed.")] = None,
    question: Annotated[
        list[str] | None, typer.Option(help="How people ask; repeat; else as proposed.")
    ] = None,
) -> None:
    async def act(teaching: Teaching) -> Proposal:
        found = await teaching.get(gap)
        return await teaching.approve(gap, _wording(found, article, title, answer, question), by=by)

    _decide(settings_of(context), act)


@app.command(help="Put it aside.")
def reject(context: typer.Context, gap: Id, by: By) -> None:
    _decide(settings_of(context), lambda teaching: teaching.reject(gap, by=by))


@app.command(help="Take out again what was approved, and nothing else; or open what was rejected.")
def undo(context: typer.Context, gap: Id, by: By) -> None:
    _decide(settings_of(context), lambda teaching: teaching.undo(gap, by=by))


def told(one: Proposal) -> dict[str, object]:
    """One for programs."""
    return {
        "id": one.id, "kb": one.kb, "line": one.line, "kind": one.kind, "state": one.state,
        "questions": list(one.questions), "answer": one.answer, "article": one.article,
        "language": one.language, "conversation": one.conversation, "told_by": one.told_by,
        "extractive": bool(one.told_by), "count": one.count,
        "proposed_at": one.proposed_at.isoformat(), "decided_by": one.decided_by,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "undone_by": one.undone_by,
        "undone_at": one.undone_at.isoformat() if one.undone_at else None,
        "pending": one.pending, "version": one.version, "undone_version": one.undone_version,
    }  # fmt: skip


def _wording(
    found: Proposal,
    article: str | None,
    title: str | None,
    answer: str | None,
    questions: list[str] | None,
) -> Wording:
    if article is not None and title is not None:
        raise BadRequest("Either --article or --title: a phrasing of one, or one of its own.")
    asked = tuple(questions) if questions else found.questions
    if title is not None:
        asked = (title, *asked)
    # What a person said as an article says it is a phrasing of that, unless told otherwise.
    own = title is not None or answer is not None or found.kind == "article"
    return Wording(
        article=article or (None if own else found.article), questions=asked, answer=answer
    )


def _decide(settings: Settings, act: Act) -> None:
    for line in run(partial(_decided, settings, act)):
        typer.echo(line)


async def _decided(settings: Settings, act: Act) -> list[str]:
    with giving_way() as threads:
        async with open_storage(settings) as storage:
            teaching = Teaching(storage.proposals, storage.shelf, storage.clock, publishes=True)
            one = await act(teaching)
            said = [f"{one.id}: {one.state}" + (f" as {one.article_id()}" if one.pending else "")]
            if one.pending:
                said.append(in_words(await published(storage, one.kb, threads)))
            return said


async def _listed(settings: Settings, kb: str | None, days: int) -> tuple[Proposal, ...]:
    with giving_way() as threads:
        async with open_storage(settings) as storage:
            give_way(threads)
            await group_unanswered(storage, kb, days)
            return await storage.proposals.found(kb, limit=_LISTED)


async def _shown(settings: Settings, gap: str) -> Proposal:
    async with open_storage(settings) as storage:
        return await Teaching(storage.proposals, storage.shelf, storage.clock).get(gap)


def _line(one: Proposal) -> str:
    what = f"{one.kind} for {one.article}" if one.kind == "phrasing" else one.kind
    asked = (
        f"{one.count} times" if one.count > 1 else "answered by a person" if one.answer else "asked"
    )
    return f"{one.id:12} {one.kb:16} {_state(one):34} {what:24} {asked:20} {one.questions[0]}"


def _state(one: Proposal) -> str:
    if one.state == "undone" and one.undone_at:
        return f"undone by {one.undone_by} {one.undone_at:%Y-%m-%d %H:%M}"
    if one.decided_at:
        return f"{one.state} by {one.decided_by} {one.decided_at:%Y-%m-%d %H:%M}"
    return f"open since {one.proposed_at:%Y-%m-%d %H:%M}"
