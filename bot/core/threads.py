"""The staff thread of a hand-off: begun by its card, and told what staff should know."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.escalation import card, is_card_of
from bot.core.speech import Speaker
from bot.core.words import say
from bot.domain.conversation import Conversation, Entry, Outcome, as_they_stand, undelivered
from bot.domain.handoff import Handoff
from bot.domain.message import HandoffCard, Mark, Outbound, Receipt, Text
from bot.domain.ports import Abilities

_HEARD = ("relayed", "answer_waiting")
REMEDY = "Write it again later, or reach them another way: the desk shows what is known of them."


def begin(
    held: Conversation,
    row: Outbound,
    receipt: Receipt,
    said: Sequence[Entry],
    can: Abilities,
) -> Outcome | None:
    """The card is there: its message begins the thread. None where there is one already.

    What the customer has said since the hand-off opened follows, in order; `said` has that. The
    conversation is saved in the same commit, so whatever they say next comes after it.
    """
    handoff = held.handoff
    if handoff is None or handoff.staff_thread is not None or not is_card_of(row, handoff):
        return None
    thread = replace(row.address, thread=receipt.message_id)
    known = replace(held, handoff=replace(handoff, staff_thread=thread))
    speak = Speaker(known, cause=f"thread:{handoff.id}", trace=row.trace)
    missed = [
        replace(
            speak.parts(*entry.parts, author="customer", name=entry.name, to=thread),
            key=f"1:{entry.key}",
        )
        for entry in as_they_stand(said)
        if entry.author == "customer" and entry.parts and _since(entry, handoff)
    ]
    # A card that could not be changed in place before it was there is put right now.
    shown = next(part.state for part in row.parts if isinstance(part, HandoffCard))
    moved = shown != known.holder and not can.edits
    return Outcome(conversation=known, say=(*(card(known, None, speak) if moved else ()), *missed))


def _since(entry: Entry, handoff: Handoff) -> bool:
    """Whether it was said after the words that called: the card has those."""
    return entry.at > handoff.opened_at or entry.decision in _HEARD


def tell(
    held: Conversation, words: str, *, key: str, about: Outbound | None = None
) -> Sequence[Outbound]:
    """A line in the staff thread, where there is one, under the message it is about."""
    thread = held.handoff.staff_thread if held.handoff else None
    if thread is None:
        return ()
    origin = about.origin if about is not None else None
    here = origin is not None and origin.address == thread
    return (
        Outbound(
            key=key,
            address=thread,
            parts=(Text(text=words),),
            author="system",
            trace=held.id,
            holder_version=held.version,
            reply_to=origin.message_id if origin is not None and here else None,
        ),
    )


def delivered(row: Outbound) -> Sequence[Outbound]:
    """The mark on the message that a row has passed on."""
    return _marked(row, Mark(state="delivered"))


def read(row: Outbound) -> Sequence[Outbound]:
    """The mark on the message whose words the customer has read."""
    return _marked(row, Mark(state="read"))


def not_delivered(row: Outbound, reason: str, remedy: str | None, at: datetime) -> Entry:
    """The note of what did not arrive, and why."""
    where = f"{row.address.channel}, {reason}"
    words = say("not_delivered", "en", reason=where, text=row.text()).strip()
    return Entry(
        key=undelivered(row.key),
        kind="note",
        author="system",
        parts=(Text(text=f"{words}\n{remedy}" if remedy else words),),
        at=at,
        fault=reason,
    )


def refused(
    held: Conversation, row: Outbound, reason: str, remedy: str | None
) -> Sequence[Outbound]:
    """What did not arrive, why, and what can be done about it."""
    if row.address != held.address:
        return ()
    words = f"Not delivered to the customer: {reason}. {remedy or REMEDY}"
    if row.origin is None and row.text():
        words += f"\n\n{row.text()}"
    told = tell(held, words, key=f"refused:{row.key}", about=row)
    return (*_marked(row, Mark(state="failed")), *told) if told else ()


def late(held: Conversation, row: Outbound, waited: str) -> Sequence[Outbound]:
    """What has not gone out for long; told once, however often it is tried."""
    if row.address != held.address:
        return ()
    words = (
        f"The customer's channel has not taken this for {waited}. It is tried again and again; "
        "you are told if it is given up."
    )
    return tell(held, words, key=f"late:{row.key}", about=row)


def _marked(row: Outbound, mark: Mark) -> Sequence[Outbound]:
    if row.origin is None:
        return ()
    return (
        Outbound(
            key=f"mark:{mark.state}:{row.key}",
            address=row.origin.address,
            parts=(mark,),
            author="system",
            trace=row.trace,
            holder_version=row.holder_version,
            reply_to=row.origin.message_id,
        ),
    )
