"""What a platform tells of a message later: how far it has come, or that it did not arrive."""

from collections.abc import Sequence

from bot.core.commit import Commit
from bot.core.threads import not_delivered, read, refused, tell
from bot.domain.conversation import Conversation, Entry
from bot.domain.message import Inbound, Mark, Outbound, Text
from bot.domain.ports import Clock, Reached, Store, StoredEvent, Transaction


class Receipts:
    """Told to staff, in the thread and on the desk; the customer reads nothing of it."""

    def __init__(self, store: Store, commit: Commit, clock: Clock) -> None:
        self._store = store
        self._commit = commit
        self._clock = clock

    async def work(self, stored: StoredEvent) -> bool:
        """Note one receipt; whether the room has another event."""
        event = stored.event
        async with self._store.transaction() as transaction:
            more = await transaction.events.done(stored.id)
            mark = next((p for p in event.parts if isinstance(p, Mark)), None)
            if mark is not None and event.message_id is not None:
                found = await transaction.outbox.reached(event.message_id, mark.state)
                await self._tell(transaction, stored, mark, found)
        return more

    async def _tell(
        self, transaction: Transaction, stored: StoredEvent, mark: Mark, found: Reached | None
    ) -> None:
        if found is not None and not found.moved:
            return
        if mark.state != "failed":
            if found is not None and mark.state == "read":
                await self._commit.post(transaction, found.conversation, read(found.outbound))
            return
        held = stored.known
        if found is not None:
            held = await transaction.conversations.get(found.conversation)
        if held is None:
            return  # nobody talks there: a call to somebody on duty, or a talk long gone
        reason, remedy = _why(stored.event)
        if found is not None:
            note = not_delivered(found.outbound, reason, remedy, self._clock.now())
            told = refused(held, found.outbound, reason, remedy)
        else:
            note, told = self._unknown(held, stored.event, reason, remedy)
        await transaction.transcript.add(held.id, (note,))
        await self._commit.post(transaction, held.id, told)

    def _unknown(
        self, held: Conversation, event: Inbound, reason: str, remedy: str | None
    ) -> tuple[Entry, Sequence[Outbound]]:
        """Of a message that is not known any more, or not yet."""
        words = f"Not delivered to the customer: {reason}. {remedy or ''}".strip()
        note = Entry(
            key=event.key,
            kind="note",
            author="system",
            parts=(Text(text=words),),
            at=self._clock.now(),
            fault=words,
        )
        return note, tell(held, words, key=f"1:{event.key}")


def _why(event: Inbound) -> tuple[str, str | None]:
    """The reason, and what can be done: the two texts of a failed receipt."""
    texts = [part.text for part in event.parts if isinstance(part, Text)]
    return (texts[0] if texts else "the platform did not say why"), (
        texts[1] if len(texts) > 1 else None
    )
