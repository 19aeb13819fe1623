"""The one place that stores what was decided, with the work that follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.speech import spoken
from bot.domain.conversation import Compose, Conversation, Entry, Outcome
from bot.domain.ports import Job, Transaction


async def store_outcome(
    transaction: Transaction,
    outcome: Outcome,
    *,
    now: datetime,
    heard: Sequence[Entry] = (),
    changed: bool = True,
) -> None:
    """Store the conversation, transcript, outbox, timers and jobs of an outcome.

    `heard` are the transcript lines that come before what is said. `changed` is False when the
    conversation is as it was read: then it is not written. Raises `Conflict`.
    """
    conversation = outcome.conversation
    if changed:
        await save(transaction, conversation)
    said = [spoken(row, now) for row in outcome.say if row.address == conversation.address]
    await transaction.transcript.add(conversation.id, (*heard, *said, *outcome.notes))
    await transaction.outbox.add(conversation.id, outcome.say)
    for address in dict.fromkeys(row.address for row in outcome.say):
        await transaction.later(Job(kind="deliver", room=transaction.room(address)))
    for later in outcome.later:
        if isinstance(later, Compose):
            await transaction.composing.add(later)
            await transaction.later(Job(kind="compose", room=conversation.id, ref=later.id))
        else:
            await transaction.timers.set(later)


async def save(transaction: Transaction, conversation: Conversation) -> None:
    """Store a conversation; a new one has revision 0, a stored one never has."""
    if conversation.revision == 0:
        await transaction.conversations.add(replace(conversation, revision=1))
    else:
        await transaction.conversations.save(conversation)
