"""The press lane: a member of staff acts, one transaction decides, the verdict is the answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.core.callback import settled
from bot.core.commit import Commit
from bot.core.escalation import card, rung_timer
from bot.core.filters import END
from bot.core.lines import Lines
from bot.core.quiet import answered, reminder
from bot.core.speech import Speaker
from bot.core.words import Key, say
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Outcome
from bot.domain.errors import BadRequest, Conflict, TransitionRefused
from bot.domain.message import Choice, Choices, Text
from bot.domain.ports import Clock, Store, Transaction
from bot.domain.transitions import Act, advance

T = TypeVar("T")

_WORDS: dict[Act, Key] = {
    "claim": "claimed",
    "take_over": "taken_over",
    "release": "released",
    "hand_back": "handed_back",
    "resolve": "resolved",
}
MAX_TEXT = 4000
"""Characters in one reply or note."""
_TRIES = 3


class PressLane:
    """Claim, take over, release, hand back, resolve, reply, note: each one short transaction.

    The row lock inside it lasts a few milliseconds and is never held while anything is sent. A
    press that lost a race is decided again on what is true now.
    """

    def __init__(self, store: Store, commit: Commit, clock: Clock, lines: Lines) -> None:
        self._store = store
        self._commit = commit
        self._clock = clock
        self._lines = lines

    async def act(self, handoff: str, act: Act, by: Person) -> Conversation:
        """Move the hand-off. Raises `TransitionRefused`; claiming one's own twice is one claim."""
        if act not in _WORDS:
            raise BadRequest(f"{act} is not something staff can do")

        async def press(transaction: Transaction) -> Conversation:
            held = await self._open(transaction, handoff, by)
            if act == "claim" and _owner(held) == by.id and held.holder == "human":
                return held
            now = self._clock.now()
            moved = advance(held, act, now=now, by=by)
            await self._commit.store(transaction, self._told(moved, act, by, now), now=now)
            return moved

        return await self._decide(press)

    async def reply(self, handoff: str, by: Person, text: str, key: str) -> None:
        """Say something to the customer; only the claimer may."""
        words = _checked(text)

        async def press(transaction: Transaction) -> None:
            held = await self._open(transaction, handoff, by)
            _require_owner(held, by)
            held = answered(held)
            speak = Speaker(held, cause=f"reply:{held.id}:{by.id}:{key}", trace=key)
            row = speak.parts(Text(text=words), author="staff", name=by.name)
            outcome = Outcome(conversation=held, say=(row,))
            await self._commit.store(transaction, outcome, now=self._clock.now())

        await self._decide(press)

    async def note(self, handoff: str, by: Person, text: str, key: str) -> None:
        """Keep something for staff only."""
        entry = Entry(
            key=f"note:{handoff}:{by.id}:{key}",
            kind="note",
            author="staff",
            parts=(Text(text=_checked(text)),),
            at=self._clock.now(),
            name=by.name,
        )

        async def press(transaction: Transaction) -> None:
            held = await self._open(transaction, handoff, by)
            outcome = Outcome(conversation=held, notes=(entry,))
            await self._commit.store(transaction, outcome, now=self._clock.now())

        await self._decide(press)

    async def settle(self, handoff: str, by: Person) -> None:
        """What was owed to the customer (a call back, a ticket) is done.

        Raises `TransitionRefused` when nothing is.
        """

        async def press(transaction: Transaction) -> None:
            now = self._clock.now()
            found = await transaction.conversations.by_handoff(handoff, lock=True)
            if found is None:  # the customer has come back since, and has another hand-off
                if not await transaction.conversations.settle(handoff, by, now):
                    raise TransitionRefused("closed")
                return
            if not by.may_handle(found.line):
                raise TransitionRefused("unknown")
            await transaction.conversations.save(settled(found, by, now))

        await self._decide(press)

    async def _decide(self, press: Callable[[Transaction], Awaitable[T]]) -> T:
        left = _TRIES
        while True:
            left -= 1
            try:
                async with self._store.transaction() as transaction:
                    return await press(transaction)
            except Conflict:
                if not left:
                    raise

    async def _open(self, transaction: Transaction, handoff: str, by: Person) -> Conversation:
        found = await transaction.conversations.by_handoff(handoff, lock=True)
        if found is None or not by.may_handle(found.line):
            raise TransitionRefused("unknown")
        return found

    def _told(self, moved: Conversation, act: Act, by: Person, now: datetime) -> Outcome:
        speak = Speaker(moved, cause=f"press:{moved.id}:{moved.version}", trace=moved.id)
        buttons = (_end(moved),) if moved.holder == "human" else ()
        told = speak.words(_WORDS[act], *buttons, name=by.name)
        line = self._lines.find(moved.line)
        said = (told, *card(moved, line, speak))
        later = (rung_timer(moved, now),) if act == "release" else reminder(moved, line, now)
        return Outcome(conversation=moved, say=said, later=later, decision=act)


def _end(conversation: Conversation) -> Choices:
    """The one button that ends the talk with a person."""
    label = say("end_talk", conversation.language)
    return Choices(options=(Choice(label=label, value=END),))


def _owner(conversation: Conversation) -> str | None:
    return conversation.handoff.claimed_by if conversation.handoff else None


def _require_owner(conversation: Conversation, by: Person) -> None:
    if conversation.holder == "closed":
        raise TransitionRefused("closed")
    if conversation.holder != "human":
        raise TransitionRefused("not_claimed")
    if _owner(conversation) != by.id:
        name = conversation.handoff.claimed_name if conversation.handoff else None
        raise TransitionRefused("not_yours", holder_name=name)


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise BadRequest("The text is empty: write something first.")
    if len(words) > MAX_TEXT:
        raise BadRequest(f"The text has {len(words)} characters; at most {MAX_TEXT} are sent.")
    return words
