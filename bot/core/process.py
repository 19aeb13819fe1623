"""Working through the events of one room: read, decide, commit; and park what keeps failing."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import csat
from bot.core.commit import Commit
from bot.core.escalation import hand_over
from bot.core.filters import starts_talk
from bot.core.gathering import Gathering
from bot.core.handlers.answering import greeting
from bot.core.handlers.people import to_staff
from bot.core.lines import Lines
from bot.core.menus import chosen
from bot.core.middleware import Next
from bot.core.outcomes import silence
from bot.core.receipts import Receipts
from bot.core.relay import Relay
from bot.core.revoking import as_consent
from bot.core.speech import Speaker, heard
from bot.domain.conversation import Compose, Conversation, Entry, Outcome, Turn
from bot.domain.errors import Conflict, Unavailable, Unreadable
from bot.domain.line import Line
from bot.domain.message import Inbound
from bot.domain.ports import Clock, Reader, Store, StoredEvent, Transaction
from bot.domain.reading import Reading
from bot.domain.transitions import advance

log = logging.getLogger("careline.core")

HISTORY = 20
"""How many transcript lines a turn sees."""
_UNREAD = Reading()


class Process:
    """Turns events into commits, one room at a time."""

    def __init__(  # noqa: PLR0913  one name per port it asks
        self,
        *,
        store: Store,
        commit: Commit,
        clock: Clock,
        reader: Reader,
        lines: Lines,
        route: Next,
        max_tries: int,
        relay: Relay | None = None,
    ) -> None:
        self._store = store
        self._commit = commit
        self._clock = clock
        self._reader = reader
        self._lines = lines
        self._route = route
        self._max_tries = max_tries
        self._relay = relay
        self._receipts = Receipts(store, commit, clock)
        self._gathering = Gathering(store, commit, clock)

    async def step(self, room: str, *, patient: bool = True) -> bool:
        """Work on the oldest undone event of a room; False when there is no other.

        An event that fails is counted, and parked at the last try; the failure is raised, so
        that the caller can wait before the next step. `Unavailable` counts against nobody, and
        `Conflict` only once the caller has run out of patience.
        """
        stored = None
        try:
            async with self._store.reading() as transaction:
                stored = await transaction.events.next(room, recall=HISTORY)
                found = stored and await self._gathering.whole(transaction, stored, room)
            if stored is not None and isinstance(found, datetime):
                await self._gathering.wait(stored, room, found)
            return isinstance(found, StoredEvent) and await self._work(found)
        except Unreadable as exc:
            await self._set_aside(exc)
        except Unavailable:
            raise
        except Exception as exc:
            if stored is not None and not (patient and isinstance(exc, Conflict)):
                await self._failed(stored, type(exc).__name__)
            raise
        return True

    async def _set_aside(self, unread: Unreadable) -> None:
        """Park an event that cannot even be read: it must not hold up the others of its room."""
        log.warning("event_unreadable", extra={"count": unread.row})
        async with self._store.transaction() as transaction:
            await transaction.events.failed(unread.row, type(unread).__name__, park=True)

    async def _read(self, event: Inbound, known: Conversation | None) -> Reading:
        words = event.text() if event.kind == "message" else ""
        if not words.strip():
            return Reading()
        line = self._lines.find(known.line) if known else self._lines.of(event.address)
        return await self._reader.read(words, feelings=line is not None and line.feelings)

    async def _work(self, stored: StoredEvent) -> bool:
        """Decide and commit one event; whether the room has another."""
        if self._relay is not None and self._relay.takes(stored.event):
            return await self._relay.work(stored)
        if stored.event.kind == "receipt":
            return await self._receipts.work(stored)
        return await self._answer(replace(stored, event=self._meant(stored)))

    def _meant(self, stored: StoredEvent) -> Inbound:
        """An event as what its words come to: a wish for no more, or an option of a menu."""
        event, can = stored.event, self._commit.abilities(stored.event.address)
        event = as_consent(event) if can.opt_out else event
        types = not can.buttons or can.opt_out  # on a phone people type what they could press
        return chosen(event, stored.history) if types else event

    async def _answer(self, stored: StoredEvent) -> bool:
        """Decide and commit what a customer said or did; whether the room has another."""
        known = stored.known
        reading = await self._read(stored.event, known)
        turn = self._turn(stored.event, known, stored.history, reading)
        outcome = self._greet(turn, await self._route(turn))
        line = heard(stored.event, turn.now, outcome.decision)
        after = outcome.conversation
        if line is not None:
            after = _after_hearing(after, stored.event, turn.now)
        outcome, lines = replace(outcome, conversation=after), (line,) if line else ()
        more = await self._commit.finish(self._store, stored.id, outcome, now=turn.now, heard=lines)
        if more is not None:
            return more
        says_nothing = not (line or outcome.say or outcome.later or outcome.consent)
        outcome = self._watched(known, outcome, turn.now)
        async with self._store.transaction() as transaction:
            more = [await transaction.events.done(one) for one in (stored.id, *stored.also)][-1]
            if known is None and says_nothing:
                return more  # somebody joined, say: no conversation begins with that
            changed = line is not None or after != known or bool(outcome.notes)
            await self._commit.store(
                transaction, outcome, now=turn.now, heard=lines, changed=changed
            )
            if line is not None:
                await self._commit.heard_again(transaction, after.address)
        return more

    def _watched(self, known: Conversation | None, outcome: Outcome, now: datetime) -> Outcome:
        """A conversation that begins, or begins again, is looked at once it may be silent."""
        after = outcome.conversation
        goes_on = known is not None and known.id == after.id and known.holder != "closed"
        if goes_on or after.holder == "closed":
            return outcome
        line = self._lines.find(after.line)
        return replace(outcome, later=(*outcome.later, silence(after, line, now)))

    def _turn(
        self,
        event: Inbound,
        known: Conversation | None,
        history: Sequence[Entry],
        reading: Reading,
    ) -> Turn:
        now = self._clock.now()
        conversation, continued = self._continue(event, known, now, reading)
        return Turn(
            event=event,
            conversation=conversation,
            reading=reading,
            now=now,
            history=history if continued else (),
        )

    def _continue(
        self,
        event: Inbound,
        known: Conversation | None,
        now: datetime,
        reading: Reading = _UNREAD,
    ) -> tuple[Conversation, bool]:
        """The conversation an event belongs to: the known one, reopened, or a new one."""
        if known is None:
            return _begin(event, self._lines.of(event.address), now), False
        goes_on = not starts_talk(event) or csat.answers(known, event, reading, now)
        if goes_on or known.holder in ("waiting", "human"):
            return known, True
        line = self._lines.find(known.line)
        if line is None:  # it has left the settings: somebody else may have its address now
            line = self._lines.of(event.address)
            return _begin(event, line, now, after=known.version), False
        if known.holder == "bot":
            return known, True
        late = known.closed_at is not None and now - known.closed_at > line.reopen_window
        if late or known.end is not None:
            return _begin(event, line, now, after=known.version), False
        return advance(known, "reopen", now=now), False

    def _greet(self, turn: Turn, outcome: Outcome) -> Outcome:
        """The first words to a new customer say who speaks and that a person is near."""
        after = outcome.conversation
        speaks = any(row.address == after.address for row in outcome.say) or any(
            isinstance(later, Compose) for later in outcome.later
        )
        if after.greeted or not speaks or turn.conversation.holder == "human":
            return outcome
        title = self._lines.named(after.line).title
        cause = f"hello:{turn.event.key}"
        hello = greeting(Speaker(after, cause=cause, trace=turn.event.trace), title)
        return replace(
            outcome, conversation=replace(after, greeted=True), say=(hello, *outcome.say)
        )

    async def _failed(self, stored: StoredEvent, error: str) -> None:
        """Count a failure; at the last try set the event aside and call a person."""
        park = stored.tries + 1 >= self._max_tries
        log.warning("turn_failed", extra={"trace": stored.event.trace, "error": error})
        if park and await self._park(stored, error):
            return
        async with self._store.transaction() as transaction:
            await transaction.events.failed(stored.id, error, park=park)

    async def _park(self, stored: StoredEvent, error: str) -> bool:
        """Set an event aside and call a person in one commit; False where nobody can be called."""
        try:
            async with self._store.transaction() as transaction:
                await transaction.events.failed(stored.id, error, park=True)
                if self._relay is not None and self._relay.takes(stored.event):
                    await self._relay.failed(transaction, stored.event)
                else:
                    await self._call_person(transaction, stored.event)
        except (Conflict, Unavailable):
            raise
        except Exception as exc:  # noqa: BLE001  parked without a word is better than for ever
            log.warning("fault_untold", extra={"error": type(exc).__name__})
            return False
        return True

    async def _call_person(self, transaction: Transaction, event: Inbound) -> None:
        """The customer is told and a person called; a person at work gets the words and goes on."""
        now = self._clock.now()
        line = heard(event, now, "parked")
        known = await transaction.conversations.at(event.address)
        conversation, continued = self._continue(event, known, now)
        held = conversation.holder in ("waiting", "human", "closed")
        if line is None and (event.kind != "composed" or held):
            return
        history: Sequence[Entry] = ()
        if known is not None and continued:
            after = conversation.boundary
            history = await transaction.transcript.read(known.id, after=after, limit=HISTORY)
        turn = Turn(
            event=replace(event, key=f"fault:{event.key}"),
            conversation=_after_hearing(conversation, event, now) if line else conversation,
            reading=Reading(),
            now=now,
            history=history,
        )
        told = to_staff(turn) if held else self._fault(turn)
        told = self._watched(known, told, now)
        await self._commit.store(transaction, told, now=now, heard=(line,) if line else ())

    def _fault(self, turn: Turn) -> Outcome:
        return hand_over(turn, self._lines.named(turn.conversation.line), "fault", act="fault")


def _after_hearing(conversation: Conversation, event: Inbound, now: datetime) -> Conversation:
    """Who has spoken, and when."""
    asked = dict.fromkeys((*conversation.customers, event.sender.handle))
    return replace(conversation, customers=tuple(asked), last_customer_at=now)


def _begin(event: Inbound, line: Line, now: datetime, *, after: int = 0) -> Conversation:
    """A new conversation. Its versions go on from the one before it in the same place.

    So what is still being composed for that one can never pass for an answer in this one.
    """
    return Conversation(
        id=secrets.token_hex(8),
        line=line.name,
        address=event.address,
        opened_at=now,
        version=after + 1,
        customers=(event.sender.handle,),
        language=line.language,
        mode=line.mode,
    )
