"""One written answer: the writer's sentences, each checked before anybody sees it."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from bot.core.drafting import Gate
from bot.core.grounding.check import Grounds
from bot.core.grounding.plain import plain
from bot.domain.errors import ConnectorError, Unavailable
from bot.domain.knowledge import Passage
from bot.domain.message import Citation, Sources, Text
from bot.domain.ports import Draft, Writer
from bot.domain.writing import Brief, Sentence, Usage, Writing

log = logging.getLogger("careline.core")

LONGEST = 4000
"""Characters of an answer; one that grows longer has gone wrong."""


@dataclass(slots=True)
class Written:
    """How a writing went. `cause` says why its words are not said, for the metric."""

    sentences: list[Sentence] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    cause: str = ""

    @property
    def ended(self) -> Writing:
        if self.cause == "moved":
            return "dropped"
        return "approved" if self.cause or not self.sentences else "written"

    def spend(self, usage: Usage) -> None:
        self.usage = usage


async def write(
    writer: Writer, brief: Brief, draft: Draft | None, seconds: float, gate: Gate
) -> Written:
    """Let the writer write for so long. However it fails, that is in what comes back."""
    written = Written()
    try:
        async with asyncio.timeout(seconds):
            await _collect(writer, brief, draft, written, gate)
        written.cause = written.cause or ("" if written.sentences else "empty")
    except TimeoutError:
        written.cause = "timeout"
    except Exception as exc:  # noqa: BLE001  however it fails, the approved text is there
        log.warning("writer_failed", extra={"error": _kind(exc)})
        written.cause = "failed"
    return written


def _kind(exc: Exception) -> str:
    elsewhere = exc.kind if isinstance(exc, ConnectorError) else ""
    return elsewhere or type(exc.__cause__ or exc).__name__


async def _collect(
    writer: Writer, brief: Brief, draft: Draft | None, written: Written, gate: Gate
) -> None:
    """Take checked sentences until one may not be sent: then none of them is believed."""
    grounds = Grounds(brief.passages, brief.language)
    stream, length = writer.write(brief, written.spend), 0
    try:
        async for given in stream:
            sentence = Sentence(text=plain(given.text), cites=tuple(dict.fromkeys(given.cites)))
            if not sentence.text:
                continue
            length += len(sentence.text)
            async with gate.passing():  # a check takes a millisecond or two of everybody's loop
                flaw = grounds.flaw(sentence) or ("long" if length > LONGEST else None)
            if flaw is not None:
                log.info("sentence_refused", extra={"kind": flaw})
                written.cause = f"flaw_{flaw}"
                return
            if draft is not None:
                try:
                    held = await draft.append(sentence.text)
                except Unavailable:  # a draft is a nicety: what is written is paid for, and goes on
                    draft, held = None, True
                if not held:
                    written.cause = "moved"
                    return
            written.sentences.append(sentence)
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


def answer_of(
    sentences: list[Sentence], passages: tuple[Passage, ...]
) -> tuple[Text | Sources, ...]:
    """The words with their sources, in the order they are first cited.

    With several sources each sentence says by number which it rests on.
    """
    order = list(dict.fromkeys(name for one in sentences for name in one.cites))
    by_name = {p.article: p for p in passages}
    text = " ".join(one.text + _marks(one, order) for one in sentences)
    cited = [by_name[name] for name in order]
    items = tuple(Citation(article=p.article, title=p.question, url=p.url) for p in cited)
    return Text(text=text), Sources(items=items)


def _marks(sentence: Sentence, order: list[str]) -> str:
    if len(order) == 1:
        return ""
    return "".join(f" [{order.index(name) + 1}]" for name in sentence.cites)
