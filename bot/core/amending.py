"""A reply that is with the customer already: changed or taken back by whoever wrote it.

Nothing in the transcript is rewritten: a change is a line of its own that names the one it changes.
"""

from typing import Literal, TypeAlias

from bot.core.commit import Commit
from bot.core.deciding import decide, opened, require_owner
from bot.core.press import checked
from bot.core.speech import Speaker
from bot.core.threads import tell
from bot.core.words import say
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Outcome, as_they_stand
from bot.domain.errors import BadRequest
from bot.domain.message import Part, Text
from bot.domain.ports import Abilities, Clock, Store, Transaction

Amended: TypeAlias = Literal["changed", "corrected", "taken_back", "unchanged"]
"""How the customer sees it: in place, in a new message, gone, or as it was."""

RECALL = 1000
"""So many lines back a reply can be changed."""

EDITED = "{name} has changed a message to the customer at the desk. It says now: {text}"
DELETED = "{name} has taken a message to the customer back at the desk."
NOT_YOURS = "Only your own messages to the customer can be changed or taken back."
TAKEN_BACK = "This message has been taken back already. Write a new one."
CANNOT_TAKE_BACK = (
    "The customer's channel cannot take messages back: they have this one. Write to them what is "
    "to be disregarded."
)


class Amending:
    """Edits and deletions of replies, each one short transaction like any other press.

    `line` is the key of the reply's line in the transcript, `key` makes the same press sent
    again the same change.
    """

    def __init__(self, store: Store, commit: Commit, clock: Clock) -> None:
        self._store = store
        self._commit = commit
        self._clock = clock

    async def edit_reply(self, handoff: str, by: Person, line: str, text: str, key: str) -> Amended:
        """Change the words of one's own reply; only while one has the hand-off.

        `changed` where the customer's channel can edit, else `corrected`: a new message says what
        is right. Raises `TransitionRefused` and `BadRequest`.
        """
        words = checked(text)

        async def press(transaction: Transaction) -> Amended:
            held = await opened(transaction, handoff, by)
            require_owner(held, by)
            how = await self.edit(transaction, held, by, line, words, key)
            news = EDITED.format(name=by.name, text=words)
            await self._tell(transaction, held, "" if how == "unchanged" else news, key)
            return how

        return await decide(self._store, press)

    async def delete_reply(self, handoff: str, by: Person, line: str, key: str) -> Amended:
        """Take one's own reply back, also once the hand-off has ended.

        Raises `TransitionRefused`, and `BadRequest` where the customer's channel cannot.
        """

        async def press(transaction: Transaction) -> Amended:
            held = await opened(transaction, handoff, by)
            how = await self.delete(transaction, held, by, line, key)
            news = DELETED.format(name=by.name)
            await self._tell(transaction, held, "" if how == "unchanged" else news, key)
            return how

        return await decide(self._store, press)

    async def _tell(
        self, transaction: Transaction, held: Conversation, news: str, key: str
    ) -> None:
        """What was done at the desk is read in the thread as well."""
        if news:
            told = tell(held, news, key=f"desk:amend:{held.id}:{key}")
            await self._commit.post(transaction, held.id, told)

    async def edit(
        self,
        transaction: Transaction,
        held: Conversation,
        by: Person,
        line: str,
        words: str,
        key: str,
    ) -> Amended:
        """`edit_reply` in a transaction that holds the conversation; rights are checked."""
        old = await self._own(transaction, held, by, line)
        if old.changed == "deleted":
            raise BadRequest(TAKEN_BACK)
        if words == old.text():
            return "unchanged"
        can = self.abilities(held)
        in_place = can.edits and max(len(words), len(old.text())) <= can.max_text
        kept = tuple(part for part in old.parts if not isinstance(part, Text))
        parts = (Text(text=words), *kept)
        if not in_place:
            correction = say("correction", held.language, text=words)
            await self._store_change(transaction, held, by, key, (Text(text=correction),), None)
            return "corrected"
        await self._store_change(transaction, held, by, key, parts, line)
        return "changed"

    async def delete(
        self, transaction: Transaction, held: Conversation, by: Person, line: str, key: str
    ) -> Amended:
        """`delete_reply` in a transaction that holds the conversation."""
        old = await self._own(transaction, held, by, line)
        if old.changed == "deleted":
            return "unchanged"
        if await self._withdraw(transaction, held, line):
            await self._store_withdrawn(transaction, held, by, line, key)
            return "taken_back"
        can = self.abilities(held)
        if not can.edits or len(old.text()) > can.max_text:
            raise BadRequest(CANNOT_TAKE_BACK)
        await self._store_change(transaction, held, by, key, (), line)
        return "taken_back"

    def abilities(self, held: Conversation) -> Abilities:
        """What the customer's channel can do."""
        channel = self._commit.channels.get(held.address.channel)
        return channel.abilities if channel is not None else Abilities()

    async def _own(
        self, transaction: Transaction, held: Conversation, by: Person, line: str
    ) -> Entry:
        said = as_they_stand(await transaction.transcript.read(held.id, limit=RECALL))
        found = next((one for one in said if one.key == line), None)
        if found is None or found.kind != "said" or not wrote(held, by, line):
            raise BadRequest(NOT_YOURS)
        return found

    async def _withdraw(self, transaction: Transaction, held: Conversation, line: str) -> bool:
        """Keep back what has not gone out yet, in all its pieces, and what was to change it."""
        if not await transaction.outbox.withdraw(line):
            return False
        piece = 2
        while await transaction.outbox.withdraw(f"{line}/{piece}"):
            piece += 1
        for entry in await transaction.transcript.read(held.id, limit=RECALL):
            if entry.replaces == line:
                await transaction.outbox.withdraw(entry.key)
        return True

    async def _store_withdrawn(
        self, transaction: Transaction, held: Conversation, by: Person, line: str, key: str
    ) -> None:
        """The customer never had it: only the transcript is told."""
        now = self._clock.now()
        gone = Entry(
            key=f"withdrawn:{held.id}:{by.id}:{key}",
            kind="said",
            author="staff",
            parts=(),
            at=now,
            name=by.name,
            replaces=line,
        )
        await self._commit.store(transaction, Outcome(conversation=held, notes=(gone,)), now=now)

    async def _store_change(
        self,
        transaction: Transaction,
        held: Conversation,
        by: Person,
        key: str,
        parts: tuple[Part, ...],
        replaces: str | None,
    ) -> None:
        speak = Speaker(held, cause=f"amend:{held.id}:{by.id}:{key}", trace=held.id)
        row = speak.parts(*parts, author="staff", name=by.name, replaces=replaces)
        outcome = Outcome(conversation=held, say=(row,))
        await self._commit.store(transaction, outcome, now=self._clock.now())


def wrote(held: Conversation, by: Person, line: str) -> bool:
    """Whether this person wrote a line: the keys of what staff say name who said it."""
    return any(line.startswith(f"1:{means}:{held.id}:{by.id}:") for means in ("reply", "relay"))
