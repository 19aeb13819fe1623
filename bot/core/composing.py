"""Compose jobs: slow thinking without a lock, its result handed back as an event."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.core.accept import accept
from bot.core.handlers.answering import answer_parts
from bot.core.lines import Lines
from bot.core.process import HISTORY
from bot.domain.conversation import Compose, Conversation, Entry
from bot.domain.errors import KnowledgeError, Unavailable
from bot.domain.knowledge import Passage
from bot.domain.message import Address, Citation, Composed, Inbound, Sender, Sources, Text
from bot.domain.ports import Brief, Channel, Clock, Draft, Library, Store, Writer

log = logging.getLogger("careline.core")


class Composing:
    """Writes answers with the writer; whatever goes wrong, the approved text is said."""

    def __init__(  # noqa: PLR0913  one name per port it asks
        self,
        *,
        store: Store,
        clock: Clock,
        library: Library,
        writer: Writer,
        lines: Lines,
        channels: Mapping[str, Channel],
        budget: timedelta,
    ) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._writer = writer
        self._lines = lines
        self._channels = channels
        self._budget = budget

    async def compose(self, compose_id: str) -> None:
        """Do one compose job; done already is done."""
        async with self._store.transaction() as transaction:
            job = await transaction.composing.get(compose_id)
            if job is None:
                return
            held = await transaction.conversations.get(job.conversation)
            history = await transaction.transcript.read(
                job.conversation, after=held.boundary if held else None, limit=HISTORY
            )
        if held is None or held.version != job.version:
            await self._drop(job)
            return
        passages = await self._passages(held, job)
        async with self._thinking(held.address):
            await self._write(job, held, self._brief(job, held, passages, history))

    def _brief(
        self,
        job: Compose,
        held: Conversation,
        passages: tuple[Passage, ...],
        history: tuple[Entry, ...],
    ) -> Brief:
        line = self._lines.find(held.line)
        return Brief(
            question=job.question,
            passages=passages,
            history=history,
            language=held.language,
            persona=line.persona if line else "assistant",
        )

    @asynccontextmanager
    async def _thinking(self, address: Address) -> AsyncIterator[None]:
        channel = self._channels.get(address.channel)
        if channel is None:
            yield
            return
        await channel.progress(address, "thinking")
        try:
            yield
        finally:
            await channel.progress(address, "idle")

    async def _write(self, job: Compose, held: Conversation, brief: Brief) -> None:
        draft = await self._draft(self._channels.get(held.address.channel), job, held)
        text = await self._sentences(brief, draft)
        if text is None:
            await self._drop(job)
        else:
            await self._hand_back(job, held, text, brief.passages)
        if draft is not None:
            await (draft.finish() if text is not None else draft.abandon())

    async def _draft(
        self, channel: Channel | None, job: Compose, held: Conversation
    ) -> Draft | None:
        if channel is None:
            return None
        return await channel.draft(held.address, conversation=held.id, version=job.version)

    async def _sentences(self, brief: Brief, draft: Draft | None) -> str | None:
        """The written text, "" when the writer failed, None when the holder has moved."""
        if not brief.passages:
            return ""
        sentences: list[str] = []
        stream = self._writer.write(brief)
        try:
            async with asyncio.timeout(self._budget.total_seconds()):
                async for sentence in stream:
                    if draft is not None and not await draft.append(sentence):
                        return None
                    sentences.append(sentence)
        except Unavailable:
            raise
        except Exception as exc:  # noqa: BLE001  however it fails, the approved text is there
            log.warning("writer_failed", extra={"error": type(exc).__name__})
            return ""
        finally:
            if isinstance(stream, AsyncGenerator):
                await stream.aclose()
        return " ".join(sentences)

    async def _passages(self, held: Conversation, job: Compose) -> tuple[Passage, ...]:
        line = self._lines.find(held.line)
        if line is None:
            return ()
        try:
            found = [await self._library.article(line.kb, name) for name in job.passages]
        except KnowledgeError:
            return ()
        return tuple(p for p in found if p is not None)

    async def _hand_back(
        self, job: Compose, held: Conversation, text: str, passages: tuple[Passage, ...]
    ) -> None:
        """Give the result to the message lane, carrying the version it was made for."""
        event = Inbound(
            key=f"composed:{job.id}",
            trace=job.trace,
            address=held.address,
            sender=Sender(handle=job.asker),
            parts=(_composed(job, text, passages),),
            sent_at=self._clock.now(),
            kind="composed",
        )
        async with self._store.transaction() as transaction:
            await transaction.composing.done(job.id)
            await accept(transaction, event)

    async def _drop(self, job: Compose) -> None:
        async with self._store.transaction() as transaction:
            await transaction.composing.done(job.id)


def _composed(job: Compose, text: str, passages: tuple[Passage, ...]) -> Composed:
    if not text.strip():
        parts = answer_parts(passages[0]) if passages else ()
        return Composed(version=job.version, parts=parts, decision="answer")
    sources = Sources(
        items=tuple(Citation(article=p.article, title=p.question, url=p.url) for p in passages)
    )
    return Composed(
        version=job.version, parts=(Text(text=text), sources), decision="answer_written"
    )
