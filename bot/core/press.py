"""The press lane: a member of staff acts, one transaction decides, the verdict is the answer."""

from datetime import datetime

from bot.core.callback import settled
from bot.core.commit import Commit
from bot.core.deciding import decide, opened, owner, require_owner
from bot.core.escalation import card, rung_timer
from bot.core.filters import END
from bot.core.lines import Lines
from bot.core.parting import parted
from bot.core.quiet import answered, reminder
from bot.core.speech import Speaker
from bot.core.threads import tell
from bot.core.words import Key, say
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Outcome
from bot.domain.errors import BadRequest, TransitionRefused
from bot.domain.message import Choice, Choices, Text
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
            return await self.act_in(transaction, handoff, act, by)

        return await decide(self._store, press)

    async def act_in(
        self, transaction: Transaction, handoff: str, act: Act, by: Person
    ) -> Conversation:
        """The same in a transaction; whatever it raises, nothing has been stored."""
        held = await opened(transaction, handoff, by)
        if act == "claim" and owner(held) == by.id and held.holder == "human":
            return held
        now = self._clock.now()
        moved = advance(held, act, now=now, by=by)
        told = self._told(moved, act, by, now)
        if act in ("hand_back", "resolve"):
            said = await transaction.transcript.read(held.id, after=held.boundary)
            line, speak = self._lines.find(moved.line), _speaker(moved, ":parted")
            told = parted(told, line, said, speak, now)
        await self._commit.store(transaction, told, now=now)
        return moved

    async def reply(self, handoff: str, by: Person, text: str, key: str) -> None:
        """Say something to the customer; only the claimer may."""

        async def press(transaction: Transaction) -> None:
            await self.reply_in(transaction, handoff, by, text, key, where=", at the desk")

        await decide(self._store, press)

    async def reply_in(
        self,
        transaction: Transaction,
        handoff: str,
        by: Person,
        text: str,
        key: str,
        *,
        where: str = "",
    ) -> None:
        """The same in a transaction; the staff thread is told, and `where` it was said."""
        words = checked(text)
        held = await opened(transaction, handoff, by)
        require_owner(held, by)
        held = answered(held)
        speak = Speaker(held, cause=f"reply:{held.id}:{by.id}:{key}", trace=key)
        row = speak.parts(Text(text=words), author="staff", name=by.name)
        shown = tell(held, f"{by.name}{where}: {words}", key=f"desk:{row.key}")
        outcome = Outcome(conversation=held, say=(row, *shown))
        await self._commit.store(transaction, outcome, now=self._clock.now())

    async def note(self, handoff: str, by: Person, text: str, key: str) -> None:
        """Keep something for staff only."""

        async def press(transaction: Transaction) -> None:
            await self.note_in(transaction, handoff, by, text, key)

        await decide(self._store, press)

    async def note_in(
        self,
        transaction: Transaction,
        handoff: str,
        by: Person,
        text: str,
        key: str,
        *,
        told: bool = False,
    ) -> None:
        """The same in a transaction; `told` shows it in the staff thread, where it was not said."""
        entry = Entry(
            key=f"note:{handoff}:{by.id}:{key}",
            kind="note",
            author="staff",
            parts=(Text(text=checked(text)),),
            at=self._clock.now(),
            name=by.name,
        )

        held = await opened(transaction, handoff, by)
        shown = tell(held, f"{by.name} noted: {entry.text()}", key=f"told:{entry.key}")
        outcome = Outcome(conversation=held, notes=(entry,), say=tuple(shown) if told else ())
        await self._commit.store(transaction, outcome, now=self._clock.now())

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

        await decide(self._store, press)

    def _told(self, moved: Conversation, act: Act, by: Person, now: datetime) -> Outcome:
        speak = _speaker(moved)
        buttons = (_end(moved),) if moved.holder == "human" else ()
        told = speak.words(_WORDS[act], *buttons, name=by.name)
        line = self._lines.find(moved.line)
        said = (told, *card(moved, line, speak))
        later = (rung_timer(moved, now),) if act == "release" else reminder(moved, line, now)
        return Outcome(conversation=moved, say=said, later=later, decision=act)


def _speaker(moved: Conversation, part: str = "") -> Speaker:
    return Speaker(moved, cause=f"press:{moved.id}:{moved.version}{part}", trace=moved.id)


def _end(conversation: Conversation) -> Choices:
    """The one button that ends the talk with a person."""
    label = say("end_talk", conversation.language)
    return Choices(options=(Choice(label=label, value=END),))


def checked(text: str) -> str:
    """The words of a reply or a note. Raises `BadRequest` for none, and for too many."""
    words = text.strip()
    if not words:
        raise BadRequest("The text is empty: write something first.")
    if len(words) > MAX_TEXT:
        raise BadRequest(f"The text has {len(words)} characters; at most {MAX_TEXT} are sent.")
    return words
