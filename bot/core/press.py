"""The press lane: a member of staff acts, one transaction decides, the verdict is the answer."""

from bot.core.commit import store_outcome
from bot.core.escalation import card, rung_timer
from bot.core.lines import Lines
from bot.core.speech import Speaker
from bot.core.words import Key
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Outcome
from bot.domain.errors import BadRequest, TransitionRefused
from bot.domain.message import Text
from bot.domain.ports import Clock, Store, Transaction
from bot.domain.transitions import Act, advance

_WORDS: dict[Act, Key] = {
    "claim": "claimed",
    "take_over": "taken_over",
    "release": "released",
    "hand_back": "handed_back",
    "resolve": "resolved",
}
MAX_TEXT = 4000
"""Characters in one reply or note."""


class PressLane:
    """Claim, take over, release, hand back, resolve, reply, note: each one short transaction.

    The row lock inside it lasts a few milliseconds and is never held while anything is sent.
    """

    def __init__(self, store: Store, clock: Clock, lines: Lines) -> None:
        self._store = store
        self._clock = clock
        self._lines = lines

    async def act(self, handoff: str, act: Act, by: Person) -> Conversation:
        """Move the hand-off. Raises `TransitionRefused`; claiming one's own twice is one claim."""
        if act not in _WORDS:
            raise BadRequest(f"{act} is not something staff can do")
        async with self._store.transaction() as transaction:
            held = await self._open(transaction, handoff, by)
            if act == "claim" and _owner(held) == by.id and held.holder == "human":
                return held
            moved = advance(held, act, now=self._clock.now(), by=by)
            outcome = self._told(moved, act, by)
            await store_outcome(transaction, outcome, now=self._clock.now())
        return moved

    async def reply(self, handoff: str, by: Person, text: str, key: str) -> None:
        """Say something to the customer; only the claimer may."""
        words = _checked(text)
        async with self._store.transaction() as transaction:
            held = await self._open(transaction, handoff, by)
            _require_owner(held, by)
            speak = Speaker(held, cause=f"reply:{held.id}:{by.id}:{key}", trace=key)
            row = speak.parts(Text(text=words), author="staff", name=by.name)
            outcome = Outcome(conversation=held, say=(row,))
            await store_outcome(transaction, outcome, now=self._clock.now())

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
        async with self._store.transaction() as transaction:
            held = await self._open(transaction, handoff, by)
            outcome = Outcome(conversation=held, notes=(entry,))
            await store_outcome(transaction, outcome, now=self._clock.now())

    async def _open(self, transaction: Transaction, handoff: str, by: Person) -> Conversation:
        found = await transaction.conversations.by_handoff(handoff, lock=True)
        if found is None or not by.may_handle(found.line):
            raise TransitionRefused("unknown")
        return found

    def _told(self, moved: Conversation, act: Act, by: Person) -> Outcome:
        line = self._lines.named(moved.line)
        speak = Speaker(moved, cause=f"press:{moved.id}:{moved.version}", trace=moved.id)
        said = (speak.words(_WORDS[act], name=by.name), *card(moved, line, speak))
        later = (rung_timer(moved, self._clock.now()),) if act == "release" else ()
        return Outcome(conversation=moved, say=said, later=later, decision=act)


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
