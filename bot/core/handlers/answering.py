"""Answering: an answer with its source, near choices, an honest unknown, or a courtesy returned."""

import math
import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.core.asking import Asked, Asking, Where
from bot.core.courtesy import Courtesy, courtesy
from bot.core.dialogue import before, offered
from bot.core.escalation import hand_over
from bot.core.filters import ARTICLE, PERSON, pressed
from bot.core.grounding.languages import latin, readable
from bot.core.lines import Lines
from bot.core.replies import admitted, answer_parts, answer_row, offer_row, unknown_row
from bot.core.speech import Speaker, speaker
from bot.core.words import Key
from bot.domain.conversation import Compose, Outcome, Turn
from bot.domain.feedback import feedback_of
from bot.domain.knowledge import Consultation, Passage
from bot.domain.line import Line
from bot.domain.message import Composed, Outbound
from bot.domain.ports import Library

__all__ = ["RETURNED", "Answering", "answer_parts", "composed", "greeting"]

RETURNED: dict[Courtesy, Key] = {
    "hello": "hello",
    "thanks": "thanks",
    "bye": "bye",
    "asks": "asks",
    "fine": "fine",
    "yes": "asks",
    "no": "fine",
}
"""What is said to a courtesy."""


class Answering:
    """Consults the line's knowledge base about the customer's words or pressed choice.

    `composes` when a writer is there; from the confidence `sure` on it is not asked.
    """

    def __init__(
        self,
        library: Library,
        asking: Asking,
        lines: Lines,
        *,
        composes: bool,
        sure: float = math.inf,
    ) -> None:
        self._library = library
        self._asking = asking
        self._lines = lines
        self._composes = composes
        self._sure = sure

    async def __call__(self, turn: Turn) -> Outcome:
        line = self._lines.named(turn.conversation.line)
        chosen = pressed(turn)
        if chosen is not None:
            return await self._chosen(turn, line, chosen)
        turn = _in_their_language(turn)
        kind = courtesy(turn.event.text())
        if kind is not None:
            return await self._courteous(turn, line, kind)
        return self._decide(turn, line, await self._ask(turn, line))

    async def _chosen(self, turn: Turn, line: Line, value: str) -> Outcome:
        """A pressed article; none of these, and a button of long ago, mean nothing known."""
        if value.startswith(ARTICLE):
            passage = await self._library.article(line.kb, value.removeprefix(ARTICLE), line.name)
            if passage is not None:
                return _said(turn, (answer_row(turn, passage),), (passage,), 1.0)
        return _unknown(turn, unknown_row(turn))

    async def _courteous(self, turn: Turn, line: Line, kind: Courtesy) -> Outcome:
        """A word back. A yes or a no may also reply to what was offered the turn before."""
        values = offered(turn.history)
        if kind == "yes" and values == (PERSON,) and turn.conversation.holder == "bot":
            return hand_over(turn, line, "asked")
        articles = [value for value in values if value.startswith(ARTICLE)]
        if kind == "yes" and len(articles) == 1:
            return await self._chosen(turn, line, articles[0])
        if kind == "no" and articles:
            return _unknown(turn, unknown_row(turn))
        key = RETURNED[kind]
        if key == "hello" and not turn.conversation.greeted:
            key = "what_can_i_do"  # the first words to a new customer say hello already
        row = speaker(turn).words(key, author="bot")
        return Outcome(conversation=turn.conversation, say=(row,), decision="courtesy")

    async def _ask(self, turn: Turn, line: Line) -> tuple[Asked, ...]:
        """In the customer's language first, else in the line's."""
        reading = replace(turn.reading, language=turn.conversation.language)
        where, context = Where(line.kb, line.name), before(turn.history)
        words = turn.event.text()
        return await self._asking.ask(where, words, reading, context, usual=line.language)

    def _decide(self, turn: Turn, line: Line, asked: Sequence[Asked]) -> Outcome:
        if len(asked) > 1:
            return self._several(turn, asked)
        (one,) = asked
        return replace(self._one(turn, line, one.found), confidence=one.found.confidence)

    def _one(self, turn: Turn, line: Line, found: Consultation) -> Outcome:
        best = found.passages[:1]
        if found.decision == "answer":
            if self._writes(turn, line, found):
                return replace(_compose(turn, found.passages), found=best)
            return _said(turn, (answer_row(turn, best[0]),), best)
        if found.decision == "choices":
            row = offer_row(turn, found.passages)
            return Outcome(
                conversation=turn.conversation, say=(row,), decision="choices", found=best
            )
        return replace(_unknown(turn, unknown_row(turn, found, line)), found=best)

    def _writes(self, turn: Turn, line: Line, found: Consultation) -> bool:
        """Whether the answer is left to the writer.

        Not what is to be said word for word, nor in a language that we could not check.
        """
        wanted = self._composes and line.writes and found.confidence < self._sure
        first, language = found.passages[0], turn.conversation.language
        checked = readable(language) and readable(first.language) and latin(turn.event.text())
        return wanted and checked and not (first.verbatim_only or first.human_led)

    def _several(self, turn: Turn, asked: Sequence[Asked]) -> Outcome:
        """Each question answered in its order, with its source; then what is open."""
        speak = speaker(turn)
        answers = [one.found for one in asked if one.found.decision == "answer"]
        best = tuple(one.passages[0] for one in answers)
        rows = [answer_row(turn, passage, speak) for passage in best]
        for one in asked:
            if one.found.decision == "choices":
                rows.append(offer_row(turn, one.found.passages, speak, part=one.text))
            elif one.found.decision == "unknown":
                rows.append(admitted(turn, "unknown_part", speak, part=one.text))
        sure = min((one.confidence for one in answers), default=0.0)
        return _said(turn, tuple(rows), best, sure)


async def composed(turn: Turn) -> Outcome:
    """A compose job's result: said if the bot still holds as it did, dropped if not."""
    result = next(p for p in turn.event.parts if isinstance(p, Composed))
    conversation = turn.conversation
    if conversation.holder != "bot" or conversation.version != result.version:
        return Outcome(conversation=conversation, decision="stale")
    if not result.parts:  # neither written nor approved: its articles have gone meanwhile
        return Outcome(conversation=conversation, say=(unknown_row(turn),), decision="unknown")
    row = speaker(turn).parts(*result.parts)
    return Outcome(conversation=conversation, say=(row,), decision=result.decision)


def _in_their_language(turn: Turn) -> Turn:
    """The conversation goes on in the language of these words, where that is sure."""
    language = turn.reading.language or turn.conversation.language
    return replace(turn, conversation=replace(turn.conversation, language=language))


def _said(
    turn: Turn, rows: tuple[Outbound, ...], found: tuple[Passage, ...], sure: float = 0.0
) -> Outcome:
    conversation = replace(turn.conversation, unknowns=0)
    return Outcome(
        conversation=conversation, say=rows, decision="answer", found=found, confidence=sure
    )


def _unknown(turn: Turn, row: Outbound) -> Outcome:
    """Counted: a rule may call a person for the second one."""
    conversation = replace(turn.conversation, unknowns=turn.conversation.unknowns + 1)
    return Outcome(conversation=conversation, say=(row,), decision="unknown")


async def turned_down(turn: Turn) -> Outcome:
    """An answer was turned down, and nothing else said: there is nothing to look up."""
    row = admitted(turn, "rejected")
    return Outcome(conversation=turn.conversation, say=(row,), decision="rejected")


async def rated(turn: Turn) -> Outcome:
    """A thumb under an answer. Nobody asked for words: only who is left without help gets some."""
    said = feedback_of(pressed(turn))
    if said is None or turn.conversation.holder != "bot":
        return Outcome(conversation=turn.conversation, decision="quiet")
    if not said.useful:
        return await turned_down(turn)
    return Outcome(conversation=turn.conversation, decision="courtesy")


def _compose(turn: Turn, passages: Sequence[Passage]) -> Outcome:
    job = Compose(
        id=secrets.token_hex(8),
        conversation=turn.conversation.id,
        version=turn.conversation.version,
        question=turn.event.text(),
        passages=tuple(p.article for p in passages),
        trace=turn.event.trace,
        asker=turn.event.sender.handle,
        asked_at=turn.now,
        language=turn.conversation.language,
    )
    conversation = replace(turn.conversation, unknowns=0)
    return Outcome(conversation=conversation, later=(job,), decision="composing")


def greeting(speak: Speaker, title: str) -> Outbound:
    """The first words to a new customer: an assistant speaks, and a person is near."""
    return speak.words("greeting", author="system", title=title)
