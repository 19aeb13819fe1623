"""Groups what was not answered and keeps each group as a proposal, for `gaps` and the desk."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import typer

from bot.core.masking import masked, names_in
from bot.core.review import heard_in
from bot.domain.conversation import Entry
from bot.domain.errors import Conflict, KnowledgeError
from bot.domain.knowledge import Heard
from bot.domain.ports import Edition
from bot.domain.teaching import LONGEST_QUESTION, Proposal
from bot.main import encoder_folder
from bot.settings import Settings
from bot.storage import Storage
from bot.store.told import PostgresTold
from knowledge.arranging import arranged
from knowledge.encoder import Encoder
from knowledge.manifest import NAME
from knowledge.report.findings import Gap
from knowledge.report.gaps import gaps

_SOURCE = "alike:"
_MOST = 2000
_CONVERSATIONS = 20_000
_LEAST = 2


async def group_unanswered(storage: Storage, kb: str | None, days: int) -> None:
    """Each line by itself: what its people asked is for its own operators and articles.

    Where it cannot be grouped, that is said, and the rest goes on.
    """
    live = {one.kb: one for one in await storage.shelf.live() if kb in (None, one.kb)}
    for name, line in storage.settings.lines.items():
        if line.kb in live and line.proposes:
            try:
                await _group(storage, name, live[line.kb], days)
            except KnowledgeError as exc:
                typer.echo(f"careline: {line.kb} is not grouped: {exc}", err=True)


async def _group(storage: Storage, line: str, edition: Edition, days: int) -> None:
    known = await storage.proposals.found(edition.kb, limit=_MOST)
    alike = [one for one in known if one.source.startswith(_SOURCE) and one.state == "open"]
    done = {text for one in known if one not in alike for text in one.questions}
    asked = await _asked(storage, line, days, done)
    if len(asked) < _LEAST or not _encoder_is_there(storage.settings):
        return
    for gap in await _gaps(storage, edition, asked):
        await _keep(storage, line, edition.kb, gap, alike)


async def _asked(storage: Storage, line: str, days: int, done: set[str]) -> list[Heard]:
    """The newest that were not answered; only these are kept in memory, not whole transcripts."""
    since = storage.clock.now() - timedelta(days=days)
    found: list[Heard] = []
    archive = PostgresTold(storage.database)
    async for entries in archive.transcripts([line], since=since, most=_CONVERSATIONS):
        found += unanswered(entries, done)
    return sorted(found, key=lambda one: one.at)[-_MOST:]


def unanswered(entries: Sequence[Entry], done: set[str]) -> list[Heard]:
    """What was not known or offered wrongly, masked, and is in no proposal of another kind."""
    names = names_in(entries)
    found = [one for one in heard_in(entries) if one.fate == "unknown" or one.refused]
    safe = [
        replace(
            one,
            text=masked(one.text, names),
            told=masked(one.told, names) if one.told else None,
        )
        for one in found
        if len(one.text) <= LONGEST_QUESTION
    ]
    return [one for one in safe if one.text not in done]


def _encoder_is_there(settings: Settings) -> bool:
    return (encoder_folder(settings) / NAME).is_file()


async def _gaps(storage: Storage, edition: Edition, asked: list[Heard]) -> tuple[Gap, ...]:
    settings = storage.settings
    encoder = Encoder.open(encoder_folder(settings), threads=settings.knowledge.threads)
    if encoder.fingerprint != edition.fingerprint:
        raise KnowledgeError("it was encoded with another encoder: ingest it again.")
    phrasings = await storage.shelf.phrasings(edition.kb, edition.version)
    ids = sorted({one.article for one in phrasings})
    vectors = encoder.encode([one.text for one in asked])
    found, _ = gaps(asked, vectors, arranged(ids, phrasings), ids, least=_LEAST)
    return found


async def _keep(storage: Storage, line: str, kb: str, gap: Gap, alike: Sequence[Proposal]) -> None:
    """A group that was there before keeps its name, whoever has joined it since."""
    texts = (gap.example, *gap.others)
    before = next((one for one in alike if one.line == line and {*texts} & {*one.questions}), None)
    now = storage.clock.now()
    source = (
        before.source
        if before
        else f"{_SOURCE}{line}:{sha256(gap.example.encode()).hexdigest()[:16]}"
    )
    made = Proposal(
        id=before.id if before else sha256(f"{source}:{now}".encode()).hexdigest()[:10],
        source=source,
        kb=kb,
        line=line,
        kind="article",
        questions=texts,
        answer=gap.told[0] if gap.told else "",
        article=gap.nearest,
        language=storage.settings.lines[line].language,
        count=gap.count,
        proposed_at=before.proposed_at if before else now,
    )
    if before is None:
        await storage.proposals.propose(source, [made], at=now)
    elif made != before:
        with suppress(Conflict):  # an operator has decided on it meanwhile: that stands
            await storage.proposals.decide(made, was="open", taken=True)
