"""Answering from the library: an answer with its source, near choices, or an honest unknown."""

import math
import secrets
from dataclasses import replace

from bot.core.escalation import hand_over
from bot.core.filters import ARTICLE, NONE_OF_THESE, PERSON, pressed
from bot.core.lines import Lines
from bot.core.speech import Speaker, speaker
from bot.core.words import say
from bot.domain.conversation import Compose, Conversation, Outcome, Turn
from bot.domain.knowledge import Consultation, Passage
from bot.domain.message import Choice, Choices, Citation, Composed, Outbound, Sources, Text
from bot.domain.ports import Library


class Answering:
    """Consults the line's knowledge base about the customer's words or pressed choice.

    `composes` when a writer is there; from the confidence `sure` on it is not asked.
    """

    def __init__(
        self, library: Library, lines: Lines, *, composes: bool, sure: float = math.inf
    ) -> None:
        self._library = library
        self._lines = lines
        self._composes = composes
        self._sure = sure

    async def __call__(self, turn: Turn) -> Outcome:
        kb = self._lines.named(turn.conversation.line).kb
        chosen = pressed(turn)
        if chosen is not None and chosen.startswith(ARTICLE):
            passage = await self._library.article(kb, chosen.removeprefix(ARTICLE))
            return self._answer(turn, passage) if passage else self._unknown(turn)
        if chosen is not None:  # none of these, or a button of long ago that means nothing now
            return self._unknown(turn)
        found = await self._library.consult(kb, turn.event.text(), turn.reading)
        return self._decide(turn, found)

    def _decide(self, turn: Turn, found: Consultation) -> Outcome:
        if found.decision == "answer":
            if self._writes(turn, found):
                return self._compose(turn, found.passages)
            return self._answer(turn, found.passages[0])
        if found.decision == "choices":
            return self._offer(turn, found.passages)
        return self._unknown(turn)

    def _writes(self, turn: Turn, found: Consultation) -> bool:
        """Whether the answer is left to the writer: not what is to be said word for word."""
        return (
            self._composes
            and found.confidence < self._sure
            and not found.passages[0].verbatim
            and self._lines.named(turn.conversation.line).writes
        )

    def _answer(self, turn: Turn, passage: Passage) -> Outcome:
        conversation = replace(turn.conversation, unknowns=0)
        row = speaker(turn).parts(*answer_parts(passage))
        return Outcome(conversation=conversation, say=(row,), decision="answer")

    def _offer(self, turn: Turn, passages: tuple[Passage, ...]) -> Outcome:
        language = turn.conversation.language
        options = [
            *(Choice(label=p.question, value=f"{ARTICLE}{p.article}") for p in passages),
            Choice(label=say("none_of_these", language), value=NONE_OF_THESE),
        ]
        row = speaker(turn).words("choices", Choices(options=tuple(options)), author="bot")
        return Outcome(conversation=turn.conversation, say=(row,), decision="choices")

    def _unknown(self, turn: Turn) -> Outcome:
        line = self._lines.named(turn.conversation.line)
        count = turn.conversation.unknowns + 1
        if turn.conversation.holder == "bot" and count >= line.unknowns_before_handoff:
            return hand_over(turn, line, "unknowns")
        conversation = replace(turn.conversation, unknowns=count)
        return Outcome(conversation=conversation, say=(_admitted(turn),), decision="unknown")

    def _compose(self, turn: Turn, passages: tuple[Passage, ...]) -> Outcome:
        job = Compose(
            id=secrets.token_hex(8),
            conversation=turn.conversation.id,
            version=turn.conversation.version,
            question=turn.event.text(),
            passages=tuple(p.article for p in passages),
            trace=turn.event.trace,
            asker=turn.event.sender.handle,
            asked_at=turn.now,
            language=turn.reading.language,
        )
        conversation = replace(turn.conversation, unknowns=0)
        return Outcome(conversation=conversation, later=(job,), decision="composing")


async def composed(turn: Turn) -> Outcome:
    """A compose job's result: said if the bot still holds as it did, dropped if not."""
    result = next(p for p in turn.event.parts if isinstance(p, Composed))
    conversation = turn.conversation
    if conversation.holder != "bot" or conversation.version != result.version:
        return Outcome(conversation=conversation, decision="stale")
    if not result.parts:  # neither written nor approved: its articles have gone meanwhile
        return Outcome(conversation=conversation, say=(_admitted(turn),), decision="unknown")
    row = speaker(turn).parts(*result.parts)
    return Outcome(conversation=conversation, say=(row,), decision=result.decision)


def _admitted(turn: Turn) -> Outbound:
    """The honest words of not knowing, with a way to a person."""
    return speaker(turn).words("unknown", person(turn.conversation), author="bot")


def answer_parts(passage: Passage) -> tuple[Text | Sources, ...]:
    """The approved text, verbatim, and where it comes from."""
    citation = Citation(article=passage.article, title=passage.question, url=passage.url)
    return Text(text=passage.text), Sources(items=(citation,))


def person(conversation: Conversation) -> Choices:
    """The one button that asks for a person."""
    label = say("talk_to_person", conversation.language)
    return Choices(options=(Choice(label=label, value=PERSON),))


def greeting(speak: Speaker, title: str) -> Outbound:
    """The first words to a new customer: an assistant speaks, and a person is near."""
    return speak.words("greeting", author="system", title=title)
