"""Turns in which a person is asked for, awaited or talking."""

from dataclasses import replace

from bot.core import csat
from bot.core.courtesy import Courtesy, courtesy
from bot.core.escalation import card, hand_over
from bot.core.filters import wordless
from bot.core.handlers.answering import Answering
from bot.core.lines import Lines, shared
from bot.core.parting import parted
from bot.core.quiet import waits_for_claimer
from bot.core.speech import speaker
from bot.core.threads import tell
from bot.core.words import Key, say
from bot.domain.conversation import Entry, Outcome, Turn
from bot.domain.errors import KnowledgeError
from bot.domain.handoff import Reason
from bot.domain.line import Mode
from bot.domain.message import Text
from bot.domain.transitions import advance

_REASONS: dict[Mode, Reason] = {
    "off": "line_off",
    "shadow": "line_shadow",
    "share": "line_share",
}


_NEEDS_NO_ANSWER: tuple[Courtesy, ...] = ("thanks", "bye", "fine")


_ENDS = ("end", "end chat", "end the chat", "end conversation", "end the conversation")


def says_end(turn: Turn) -> bool:
    """The words on the button that ends a talk, or such as people type where there is none."""
    return _types(turn, "end_talk", *_ENDS)


def says_cancel(turn: Turn) -> bool:
    """The words on the button that takes the request back."""
    return _types(turn, "cancel_request")


def _types(turn: Turn, key: Key, *more: str) -> bool:
    if turn.event.kind != "message":
        return False
    said = turn.event.text().strip().rstrip(".!").casefold()
    return said in (say(key, turn.conversation.language).casefold(), *more)


async def quiet(turn: Turn) -> Outcome:
    """Events that change nothing here: receipts, joins, edits, buttons whose moment has passed."""
    return Outcome(conversation=turn.conversation, decision="quiet")


class AskedForPerson:
    """The customer asks for a person."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, turn: Turn) -> Outcome:
        return hand_over(turn, self._lines.named(turn.conversation.line), "asked")


class LineMode:
    """A line that does not answer (all of) its customers itself sends them to people."""

    def __init__(self, lines: Lines, answering: Answering) -> None:
        self._lines = lines
        self._answering = answering

    def accepts(self, turn: Turn) -> bool:
        line = self._lines.named(turn.conversation.line)
        if line.mode == "share":
            return not shared(turn.conversation, line.share_percent)
        return line.mode != "on"

    async def __call__(self, turn: Turn) -> Outcome:
        line = self._lines.named(turn.conversation.line)
        outcome = hand_over(turn, line, _REASONS[line.mode])
        if line.mode != "shadow":
            return outcome
        return replace(outcome, notes=await self._shadow(turn))

    async def _shadow(self, turn: Turn) -> tuple[Entry, ...]:
        """What the bot would have said, for people's eyes only."""
        if wordless(turn):
            return ()
        try:
            imagined = await self._answering(turn)
        except KnowledgeError:  # nobody needs the library to be sent to a person
            return ()
        words = "\n".join(row.text() for row in imagined.say) or imagined.decision
        return (
            Entry(
                key=f"shadow:{turn.event.key}",
                kind="note",
                author="bot",
                parts=(Text(text=f"[{imagined.decision}] {words}"),),
                at=turn.now,
            ),
        )


class Waiting:
    """The customer writes while a person is awaited: staff hear it, the bot keeps back."""

    def __init__(self, lines: Lines, answering: Answering) -> None:
        self._lines = lines
        self._answering = answering

    async def __call__(self, turn: Turn) -> Outcome:
        relayed = to_staff(turn)
        line = self._lines.find(turn.conversation.line)
        handoff = turn.conversation.handoff
        a_persons = handoff is not None and handoff.human_led
        if line is None or not line.answers_while_waiting or not turn.event.text().strip():
            return relayed
        if a_persons:
            return relayed
        try:
            answer = await self._answering(turn)
        except KnowledgeError:
            return relayed
        if answer.decision != "answer" or any(one.human_led for one in answer.found):
            return relayed
        language = turn.conversation.language
        first, *more = answer.say
        first = replace(first, parts=(Text(text=say("still_coming", language)), *first.parts))
        return replace(relayed, say=(*relayed.say, first, *more), decision="answer_waiting")


class Cancel:
    """The customer takes back the request for a person."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, turn: Turn) -> Outcome:
        back = advance(turn.conversation, "cancel", now=turn.now)
        speak = speaker(turn, back)
        news = tell(back, "The customer no longer needs a person.", key=f"news:{turn.event.key}")
        said = (speak.words("cancelled"), *card(back, self._lines.find(back.line), speak), *news)
        return Outcome(conversation=back, say=said, decision="cancelled")


class CustomerEnds:
    """The customer ends the talk with a person."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, turn: Turn) -> Outcome:
        handoff = turn.conversation.handoff
        name = (handoff.claimed_name if handoff else None) or ""
        closed = advance(turn.conversation, "end", now=turn.now)
        speak = speaker(turn, closed)
        line = self._lines.find(closed.line)
        news = tell(closed, "The customer has ended the talk.", key=f"news:{turn.event.key}")
        said = (speak.words("ended", name=name), *card(closed, line, speak), *news)
        outcome = Outcome(conversation=closed, say=said, decision="ended")
        return parted(outcome, line, turn.history, speak, turn.now)


class ToHuman:
    """A person has the conversation: the bot passes on, says nothing and minds the time."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, turn: Turn) -> Outcome:
        relayed = to_staff(turn)
        if turn.event.kind != "message" or courtesy(turn.event.text()) in _NEEDS_NO_ANSWER:
            return relayed
        line = self._lines.find(turn.conversation.line)
        waits = waits_for_claimer(relayed.conversation, line, turn.now)
        return replace(relayed, conversation=waits.conversation, later=waits.later)


def to_staff(turn: Turn) -> Outcome:
    """The customer's words go to the staff thread; the desk reads them.

    Before the card has begun the thread they wait in the transcript, and follow it.
    """
    held = csat.spared(turn.conversation, turn.reading)
    thread = held.handoff.staff_thread if held.handoff else None
    if thread is None:
        return Outcome(conversation=held, decision="relayed")
    row = speaker(turn).parts(
        *turn.event.parts, author="customer", name=turn.event.sender.name, to=thread
    )
    return Outcome(conversation=held, say=(row,), decision="relayed")


async def media(turn: Turn) -> Outcome:
    """A file without words."""
    row = speaker(turn).words("media", author="bot")
    return Outcome(conversation=turn.conversation, say=(row,), decision="media")
