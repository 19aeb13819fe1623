"""Platforms that take free words only for a while after the customer's last ones.

Later a template asks the customer to write, once; a person's words wait for that and follow.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.core.threads import tell
from bot.core.words import Key, say
from bot.domain.conversation import Conversation, Entry
from bot.domain.errors import Refused
from bot.domain.message import Outbound, Template, Text
from bot.domain.ports import Abilities, OutboxRow, Transaction

HELD = timedelta(days=7)
"""How long words wait for the customer to write."""
TOO_LATE = "the customer's last words are too old: their channel takes no free words any more"
NEVER_CAME = "the customer was asked to write, and has not for a week"
REMEDY = "They must write first, or be reached another way."
WAITING = (
    "The customer last wrote over {hours} hours ago, so their channel takes no free words. They "
    "have been asked to reply (a template); what you write waits and goes to them once they do."
)
_TEMPLATE: Key = "message_waiting"
_ASKED = "waiting:"
Title: TypeAlias = Callable[[str], str]
"""The title of a line, by its name."""


def is_over(held: Conversation | None, can: Abilities, now: datetime) -> bool:
    """Whether free words come too late; a platform that never heard them may still take some."""
    last = held.last_customer_at if held is not None else None
    return can.window is not None and last is not None and now - last > can.window


def question(row: OutboxRow, held: Conversation, title: str) -> Outbound:
    """The template that goes out in the place of a person's words. Raises `Refused` for others'."""
    if row.outbound.author != "staff":
        raise Refused(TOO_LATE, remedy=REMEDY)
    words = say(_TEMPLATE, held.language, title=title)
    asks = Template(name=_TEMPLATE, language=held.language, values=(title,), text=words)
    return Outbound(
        key=f"{_ASKED}{row.outbound.key}",
        address=row.outbound.address,
        parts=(asks,),
        author="system",
        trace=row.outbound.trace,
        holder_version=row.outbound.holder_version,
    )


async def was_asked(transaction: Transaction, held: Conversation) -> bool:
    """Whether they have been asked to write since they last did."""
    said = await transaction.transcript.read(held.id, after=held.last_customer_at)
    return any(entry.key.startswith(_ASKED) for entry in said)


async def wait(
    transaction: Transaction,
    row: OutboxRow,
    held: Conversation,
    asked: Outbound | None,
    now: datetime,
) -> Sequence[Outbound]:
    """Put a row off until they write; what staff are told of it."""
    await transaction.outbox.postpone(row.id, row.added_at + HELD)
    if asked is None:
        return ()
    line = Entry(key=asked.key, kind="said", author="system", parts=asked.parts, at=now)
    words = WAITING.format(hours=24)
    note = Entry(
        key=f"note:{asked.key}", kind="note", author="system", parts=(Text(text=words),), at=now
    )
    await transaction.transcript.add(held.id, (line, note))
    return tell(held, words, key=f"1:{asked.key}", about=row.outbound)
