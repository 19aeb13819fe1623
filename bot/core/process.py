"""Working through the events of one room: read, decide, commit; and park what keeps failing."""

import secrets
from dataclasses import replace
from datetime import datetime

from bot.core.commit import store_outcome
from bot.core.escalation import hand_over
from bot.core.handlers.answering import greeting
from bot.core.lines import Lines
from bot.core.middleware import Next
from bot.core.speech import Speaker, heard
from bot.domain.conversation import Conversation, Entry, Outcome, Turn
from bot.domain.errors import Conflict, Unavailable
from bot.domain.line import Line
from bot.domain.message import Inbound
from bot.domain.ports import Clock, Reader, Store, StoredEvent
from bot.domain.reading import Reading
from bot.domain.transitions import advance

HISTORY = 20
"""How many transcript lines a turn sees."""


class Process:
    """Turns events into commits, one room at a time."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        reader: Reader,
        lines: Lines,
        route: Next,
        max_tries: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._reader = reader
        self._lines = lines
        self._route = route
        self._max_tries = max_tries

    async def step(self, room: str) -> bool:
        """Work on the oldest undone event of a room; False when there is none.

        An event that fails is counted, and parked at the last try; the failure is raised, so
        that the caller can wait before the next step. `Unavailable` counts against nobody.
        """
        async with self._store.transaction() as transaction:
            stored = await transaction.events.next(room)
            if stored is None:
                return False
            known = await transaction.conversations.at(stored.event.address)
            history = (
                await transaction.transcript.read(known.id, after=known.boundary, limit=HISTORY)
                if known
                else ()
            )
        try:
            await self._work(stored, known, history)
        except (Conflict, Unavailable):
            raise
        except Exception as exc:
            await self._failed(stored, exc)
            raise
        return True

    async def _work(
        self, stored: StoredEvent, known: Conversation | None, history: tuple[Entry, ...]
    ) -> None:
        turn = await self._turn(stored.event, known, history)
        outcome = self._greet(turn, await self._route(turn))
        line = heard(stored.event, turn.now, outcome.decision)
        after = outcome.conversation
        if line is not None:
            after = replace(after, last_customer_at=turn.now)
        async with self._store.transaction() as transaction:
            await transaction.events.done(stored.id)
            await store_outcome(
                transaction,
                replace(outcome, conversation=after),
                now=turn.now,
                heard=(line,) if line else (),
                changed=after != known,
            )

    async def _turn(
        self, event: Inbound, known: Conversation | None, history: tuple[Entry, ...]
    ) -> Turn:
        now = self._clock.now()
        conversation, continued = self._continue(event, known, now)
        words = event.text() if event.kind == "message" else ""
        reading = await self._reader.read(words) if words.strip() else Reading()
        return Turn(
            event=event,
            conversation=conversation,
            reading=reading,
            now=now,
            history=history if continued else (),
        )

    def _continue(
        self, event: Inbound, known: Conversation | None, now: datetime
    ) -> tuple[Conversation, bool]:
        """The conversation an event belongs to: the known one, reopened, or a new one."""
        line = self._lines.of(event.address)
        if known is None:
            return _begin(event, line, now), False
        if known.holder != "closed" or event.kind not in ("message", "pressed"):
            return known, True
        if known.closed_at is not None and now - known.closed_at > line.reopen_window:
            return _begin(event, line, now), False
        return advance(known, "reopen", now=now), False

    def _greet(self, turn: Turn, outcome: Outcome) -> Outcome:
        """The first words to a new customer say who speaks and that a person is near."""
        after = outcome.conversation
        if after.greeted or (not outcome.say and not outcome.later):
            return outcome
        title = self._lines.named(after.line).title
        cause = f"{turn.event.key}#hello"
        hello = greeting(Speaker(after, cause=cause, trace=turn.event.trace), title)
        return replace(
            outcome, conversation=replace(after, greeted=True), say=(hello, *outcome.say)
        )

    async def _failed(self, stored: StoredEvent, exc: Exception) -> None:
        """Count a failure; at the last try set the event aside and call a person."""
        park = stored.tries + 1 >= self._max_tries
        async with self._store.transaction() as transaction:
            await transaction.events.failed(stored.id, type(exc).__name__, park=park)
            if not park:
                return
            known = await transaction.conversations.at(stored.event.address)
            now = self._clock.now()
            conversation = known or _begin(stored.event, self._lines.of(stored.event.address), now)
            turn = Turn(
                event=replace(stored.event, key=f"{stored.event.key}#fault"),
                conversation=conversation,
                reading=Reading(),
                now=now,
            )
            await store_outcome(
                transaction,
                self._fault(turn),
                now=now,
                heard=tuple(filter(None, (heard(stored.event, now, "parked"),))),
            )

    def _fault(self, turn: Turn) -> Outcome:
        """The customer is told and a person is called; a person at work keeps the conversation."""
        line = self._lines.named(turn.conversation.line)
        if turn.conversation.holder in ("waiting", "human"):
            return Outcome(conversation=turn.conversation, decision="fault")
        return hand_over(turn, line, "fault", act="fault")


def _begin(event: Inbound, line: Line, now: datetime) -> Conversation:
    return Conversation(
        id=secrets.token_hex(8),
        line=line.name,
        address=event.address,
        opened_at=now,
        customers=(event.sender.handle,),
        language=line.language,
        mode=line.mode,
    )
