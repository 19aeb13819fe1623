"""Assist: after a customer's words, a suggested reply and hints for whoever holds the talk.

Nothing of it is ever said by itself. It is found with the one vector of the message, so that it
costs a search and no encode, and what takes too long is left out: the words go on to people.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.core.courtesy import courtesy
from bot.core.deciding import decide, opened, require_owner
from bot.core.lines import Lines
from bot.core.middleware import Next
from bot.core.rules.progress import progress
from bot.core.words import base
from bot.domain.assist import HINTS, Assist, Hint, Suggestion
from bot.domain.cards import suggestion_of
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Outcome, Turn
from bot.domain.desk import StaffBook
from bot.domain.errors import CarelineError
from bot.domain.forms import Offer, form_button
from bot.domain.handoff import Handoff
from bot.domain.knowledge import Passage
from bot.domain.line import Line
from bot.domain.message import Choices, HandoffCard, Outbound, Text
from bot.domain.ports import Abilities, Channel, Library, Store, Transaction

log = logging.getLogger("careline.core")

TELL_EVERY = timedelta(seconds=20)
"""A staff thread gets at most one in this time; the desk always shows the newest."""
_LONGEST_S = 0.5
"""How long a customer's words wait for a search at most."""
_COUNTS = 0.5


class Assisting:
    """Middleware: keeps what helps with a turn in its hand-off, in the commit of the turn."""

    def __init__(
        self,
        library: Library,
        lines: Lines,
        staff: StaffBook,
        channels: Mapping[str, Channel],
        *,
        longest: float = _LONGEST_S,
    ) -> None:
        self._library = library
        self._lines = lines
        self._staff = staff
        self._channels = channels
        self._longest = longest

    async def __call__(self, inner: Next, turn: Turn) -> Outcome:
        outcome = await inner(turn)
        held = outcome.conversation
        line = self._lines.find(held.line)
        if line is None or held.handoff is None or held.holder not in ("waiting", "human"):
            return outcome
        if not _asks(turn):
            return outcome
        found = await self._found(turn, line)
        outcome = _kept(outcome, held.handoff, found)
        return await self._told(turn, outcome) if held.holder == "human" else outcome

    async def _found(self, turn: Turn, line: Line) -> Assist | None:
        """What helps with this message; None where nothing does."""
        best, sure = await self._best(turn, line)
        hints = _hints(turn, line, best)
        if best is None and not hints:
            return None
        suggestion = _suggestion(best, sure=sure) if best else None
        return Assist(id=turn.event.trace, at=turn.now, suggestion=suggestion, hints=hints)

    async def _best(self, turn: Turn, line: Line) -> tuple[Passage | None, bool]:
        """The article that fits best, and whether the bot would have answered with it."""
        reading = turn.reading
        if not reading.vector or _is_grave(turn) or reading.wants_human >= _COUNTS:
            return None, False  # to somebody in distress a person finds the words
        reading = replace(reading, language=reading.language or turn.conversation.language)
        try:
            async with asyncio.timeout(self._longest):
                found = await self._library.consult(line.kb, turn.event.text(), reading, line.name)
        except (CarelineError, TimeoutError) as exc:
            log.warning("assist_failed", extra={"error": type(exc).__name__})
            return None, False
        if found.decision == "unknown" or not found.passages:
            return None, False
        return found.passages[0], found.decision == "answer"

    async def _told(self, turn: Turn, outcome: Outcome) -> Outcome:
        """The same in the staff thread, for the claimer's eyes, where their channel keeps that."""
        held = outcome.conversation
        handoff = held.handoff
        found, thread = (handoff.assist, handoff.staff_thread) if handoff else (None, None)
        if handoff is None or found is None or thread is None:
            return outcome
        channel = self._channels.get(thread.channel)
        last = handoff.assist_told_at
        recent = last is not None and turn.now - last < TELL_EVERY
        if channel is None or not channel.abilities.private or recent:
            return outcome
        handle = await self._handle(handoff.claimed_by, thread.channel)
        if handle is None:
            return outcome
        row = Outbound(
            key=f"assist:{turn.event.key}",
            address=thread,
            parts=(Text(text=in_words(found)), *_offers(found, handoff.id, channel.abilities)),
            author="system",
            trace=turn.event.trace,
            holder_version=held.version,
            only_for=handle,
        )
        after = replace(held, handoff=replace(handoff, assist_told_at=turn.now))
        return replace(outcome, conversation=after, say=(*outcome.say, row))

    async def _handle(self, person: str | None, channel: str) -> str | None:
        """The claimer's handle there; None for those who want no help, or are unknown there."""
        people = await self._staff.people()
        found = next((one for one in people if one.id == person and one.assist), None)
        rooms = (a.room for a in found.addresses if a.channel == channel) if found else ()
        return next(iter(rooms), None)


class Dismissing:
    """Takes a suggestion away for good: the claimer has seen it and does not want it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, handoff: str, by: Person, assist: str) -> None:
        """A newer one stays. Raises `TransitionRefused` for anybody but the claimer."""

        async def press(transaction: Transaction) -> None:
            held = await opened(transaction, handoff, by)
            require_owner(held, by)
            now = held.handoff
            if now is not None and now.assist is not None and now.assist.id == assist:
                await transaction.conversations.save(
                    replace(held, handoff=replace(now, assist=None))
                )

        await decide(self._store, press)


def shown_to(person: Person, conversation: Conversation) -> Assist | None:
    """What this person is to see of it: the claimer alone, unless they want no help."""
    handoff = conversation.handoff
    if handoff is None or conversation.holder != "human" or not person.assist:
        return None
    return handoff.assist if handoff.claimed_by == person.id else None


def in_words(found: Assist) -> str:
    """Hints and suggestion as one text."""
    lines = [HINTS[hint] for hint in found.hints]
    if found.suggestion is not None:
        lines.append(suggestion_of(found.suggestion))
    return "\n".join(lines)


def _offers(found: Assist, handoff: str, can: Abilities) -> tuple[Choices, ...]:
    """What the claimer can do with a suggestion at once; another's would be refused."""
    if found.suggestion is None or not found.suggestion.sendable or not can.buttons:
        return ()
    kinds: tuple[Offer, ...] = ("send", "edit") if can.forms else ("send",)
    return (Choices(options=tuple(form_button(one, handoff, found.id) for one in kinds)),)


def _asks(turn: Turn) -> bool:
    """Whether there are words that may want a reply; "thanks" and a pressed button do not."""
    words = turn.event.text().strip()
    return turn.event.kind == "message" and bool(words) and courtesy(words) is None


def _kept(outcome: Outcome, handoff: Handoff, found: Assist | None) -> Outcome:
    """The outcome with what was found; the staff card of the turn shows the suggestion too."""
    held = replace(outcome.conversation, handoff=replace(handoff, assist=found))
    suggestion = found.suggestion if found else None
    say = tuple(_on_card(row, suggestion) for row in outcome.say) if suggestion else outcome.say
    return replace(outcome, conversation=held, say=say)


def _on_card(row: Outbound, suggestion: Suggestion) -> Outbound:
    if not any(isinstance(part, HandoffCard) for part in row.parts):
        return row
    parts = (
        replace(part, suggested=suggestion) if isinstance(part, HandoffCard) else part
        for part in row.parts
    )
    return replace(row, parts=tuple(parts))


def _is_grave(turn: Turn) -> bool:
    return max(turn.reading.self_harm, turn.reading.distress) >= _COUNTS


def _hints(turn: Turn, line: Line, best: Passage | None) -> tuple[Hint, ...]:
    going, hints = progress(turn), list[Hint]()
    if _is_grave(turn):
        hints.append("distress")
    if going.repeated:
        hints.append("asked_again")
    spoken = any(one.author == "staff" and one.kind == "said" for one in turn.history)
    if going.rejected and not spoken:
        hints.append("turned_down")
    if best is not None and best.human_led:
        hints.append("human_led")
    if base(turn.reading.language or line.language) != base(line.language):
        hints.append("other_language")
    return tuple(hints)


def _suggestion(best: Passage, *, sure: bool) -> Suggestion:
    return Suggestion(
        text=best.text,
        article=best.article,
        title=best.question,
        url=best.url,
        language=best.language,
        sure=sure,
        sendable=not best.human_led,
    )
