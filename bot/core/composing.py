"""Compose jobs: slow thinking without a lock, its result handed back as an event."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from bot.core.accept import accept
from bot.core.drafting import Gate, InTurn
from bot.core.grounding.languages import readable
from bot.core.lines import Lines
from bot.core.process import HISTORY
from bot.core.unkept import Kept, Unkept
from bot.core.writing import Written, write
from bot.core.written import event_of, instead, still
from bot.domain.conversation import Compose, Conversation, Entry
from bot.domain.errors import KnowledgeError, Unavailable
from bot.domain.knowledge import Passage
from bot.domain.message import Address
from bot.domain.ports import Channel, Clock, Draft, Library, Progress, Store, Writer
from bot.domain.ports import Composing as Composes
from bot.domain.writing import Allowance, Brief, Spent, Usage

Told: TypeAlias = Callable[[Spent, str, float], None]
"""Told what a turn has cost, how it ended ("written", or why not), and how long it took."""
LONGEST_PASSAGE = 6000
"""Characters of an article that the writer sees, and that its words are checked against."""
_LONGEST_IN_MIND = timedelta(minutes=10)
"""As long as the database may be away; whoever asked has gone by then."""
_AT_A_TIME = 1
"""Turns that work rather than wait for their model: others are answered in between."""

log = logging.getLogger("careline.core")


@dataclass(frozen=True, slots=True)
class _Task:
    """A job with what it needs to be done. `passages` are all, the brief's those to write from."""

    job: Compose
    held: Conversation
    passages: tuple[Passage, ...]
    brief: Brief


class Composing:
    """Writes answers with the writer; whatever goes wrong, the approved text is said.

    Without a writer every job that another process has left ends in the approved text.
    """

    def __init__(  # noqa: PLR0913  one name per port it asks
        self,
        *,
        store: Store,
        clock: Clock,
        library: Library,
        writer: Writer | None,
        lines: Lines,
        channels: Mapping[str, Channel],
        budget: timedelta,
        allowance: Allowance = Allowance(),  # noqa: B008  frozen
        told: Told = lambda _spent, _result, _seconds: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._writer = writer
        self._lines = lines
        self._channels = channels
        self._budget = budget
        self._allowance = allowance
        self._told = told
        self._gate = Gate(_AT_A_TIME)
        self._unkept = Unkept()
        self.first = self._gate.first
        """Holds written turns up a little while a plain one is at work."""

    async def compose(self, compose_id: str) -> None:
        """Do one compose job; done already is done.

        What is written is never written twice: where the database went away before it was kept,
        the next try keeps it.
        """
        async with self._gate.passing(), self._store.reading() as reading:
            job = await reading.composing.get(compose_id)
            if job is not None:
                held = await reading.conversations.get(job.conversation)
                after = held.boundary if held else None
                history = await reading.transcript.read(
                    job.conversation, after=after, limit=HISTORY
                )
                used = await self._used_today(reading.composing)
        if job is None:
            await self._pay(compose_id)
            return
        kept = self._unkept.get(job.id)
        before = kept.written if kept else None
        if held is None or held.version != job.version:
            await self._end(job, held, instead(before, "moved"))
            return
        passages = await self._passages(held, job)
        task = _Task(job, held, passages, self._brief(job, held, passages, history))
        if kept is not None:
            written = still(kept.written, kept.passages, task.brief.passages)
            await self._end(job, held, written, passages)
            return
        cause = self._why_not(task, used)
        if self._writer is None or cause:
            await self._end(job, held, Written(cause=cause), passages)
        else:
            await self._write(self._writer, task)

    async def give_up(self, compose_id: str) -> None:
        """End a job that fails whatever is done: the customer hears that the bot does not know."""
        job = held = None
        try:
            async with self._store.transaction() as transaction:
                job = await transaction.composing.get(compose_id)
                held = await transaction.conversations.get(job.conversation) if job else None
        except Unavailable:
            raise
        except Exception as exc:  # noqa: BLE001  what cannot be opened must not come back for ever
            log.warning("compose_unreadable", extra={"error": type(exc).__name__})
        if job is not None:
            kept = self._unkept.get(job.id)
            await self._end(job, held, instead(kept.written if kept else None, "failed"))
            return
        await self._pay(compose_id)
        async with self._store.transaction() as transaction:
            await transaction.composing.done(compose_id)

    async def _used_today(self, composing: Composes) -> Usage:
        if self._allowance == Allowance():
            return Usage()
        midnight = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return await composing.spent(midnight)

    def _why_not(self, task: _Task, used: Usage) -> str:
        """Why nothing is to be written, "" when it is."""
        if self._writer is None:
            return "no_writer"
        if not task.brief.passages:
            return "no_passages"
        if not readable(task.brief.language):
            return "language"
        if self._seconds_left(task.job) <= 0:
            return "late"
        return "" if self._allowance.left(used) else "allowance"

    def _seconds_left(self, job: Compose) -> float:
        """Waiting for a free place counts: it is the customer who waits."""
        waited = self._clock.now() - job.asked_at if job.asked_at else timedelta()
        return (self._budget - waited).total_seconds()

    def _brief(
        self,
        job: Compose,
        held: Conversation,
        passages: tuple[Passage, ...],
        history: tuple[Entry, ...],
    ) -> Brief:
        """What is said word for word, or cannot be checked, is not shown to a writer."""
        line = self._lines.find(held.line)
        free = passages if passages and _is_free(passages[0]) else ()
        return Brief(
            question=job.question,
            passages=tuple(replace(p, text=p.text[:LONGEST_PASSAGE]) for p in free if _is_free(p)),
            history=tuple(one for one in history if one.kind == "said"),
            language=job.language or held.language,
            persona=line.persona if line else "assistant",
        )

    @asynccontextmanager
    async def _thinking(self, address: Address) -> AsyncIterator[None]:
        channel = self._channels.get(address.channel)
        if channel is None:
            yield
            return
        await self._show(channel, address, "thinking")
        try:
            yield
        finally:
            await self._show(channel, address, "idle")

    async def _show(self, channel: Channel, address: Address, state: Progress) -> None:
        if not channel.abilities.inside:
            await channel.progress(address, state)
            return
        async with self._gate.passing():
            await channel.progress(address, state)

    async def _write(self, writer: Writer, task: _Task) -> None:
        job, held = task.job, task.held
        async with self._thinking(held.address):
            draft = await self._draft(self._channels.get(held.address.channel), job, held)
            written = await write(writer, task.brief, draft, self._seconds_left(job), self._gate)
            self._keep_in_mind(task, written)
            await self._end(job, held, written, task.passages)
            if draft is not None:
                await (draft.abandon() if written.ended == "dropped" else draft.finish())

    def _keep_in_mind(self, task: _Task, written: Written) -> None:
        """Until it is stored."""
        kept = Kept(
            written=written,
            passages=task.brief.passages,
            line=task.held.line,
            at=self._clock.now(),
        )
        self._unkept.add(task.job.id, kept)

    async def _pay(self, compose_id: str) -> None:
        """Keep the cost of words that another process has been faster to find.

        Where our own commit had arrived and only its answer was lost, it is counted twice:
        rather too much than too little.
        """
        with self._unkept.storing(compose_id) as kept:
            if kept is None or kept.written.usage == Usage():
                return
            spent = Spent(
                job=compose_id,
                line=kept.line,
                at=self._clock.now(),
                ended="dropped",
                usage=kept.written.usage,
            )
            async with self._store.transaction() as transaction:
                await transaction.composing.spend(spent)

    async def _draft(
        self, channel: Channel | None, job: Compose, held: Conversation
    ) -> Draft | None:
        if channel is None:
            return None
        try:
            draft = await channel.draft(held.address, conversation=held.id, version=job.version)
        except Unavailable:
            return None  # it is written all the same, and shown when it is whole
        if draft is None or not channel.abilities.inside:
            return draft  # a platform of others is awaited: that is no work of ours
        return InTurn(draft, self._gate)

    async def _passages(self, held: Conversation, job: Compose) -> tuple[Passage, ...]:
        line = self._lines.find(held.line)
        if line is None:
            return ()
        try:
            found = [await self._library.article(line.kb, name, line.name) for name in job.passages]
        except KnowledgeError:
            return ()
        return tuple(p for p in found if p is not None)

    async def _end(
        self,
        job: Compose,
        held: Conversation | None,
        written: Written,
        passages: tuple[Passage, ...] = (),
    ) -> None:
        """End the job, with its cost and, unless nothing is to be said, its result in one commit.

        The result goes back to the message lane, carrying the version it was made for.
        """
        now = self._clock.now()
        spent = Spent(
            job=job.id,
            line=held.line if held else "",
            at=now,
            ended=written.ended,
            usage=written.usage,
        )
        with self._unkept.storing(job.id):
            async with self._gate.passing(), self._store.transaction() as transaction:
                await transaction.composing.done(job.id)
                if written.usage != Usage():
                    await transaction.composing.spend(spent)
                if held is not None and written.ended != "dropped":
                    await accept(transaction, event_of(job, held, written, passages, now))
        waited = now - (job.asked_at or now)
        self._told(spent, written.cause or "written", waited.total_seconds())


def _is_free(passage: Passage) -> bool:
    return not (passage.verbatim_only or passage.human_led) and readable(passage.language)
