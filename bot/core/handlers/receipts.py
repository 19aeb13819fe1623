"""What a platform tells of a message later, or of a customer's wish: staff are told."""

from bot.core.threads import tell
from bot.domain.conversation import Entry, Outcome, Turn


async def told(turn: Turn) -> Outcome:
    """A note in the transcript and a line in the staff thread; the customer reads nothing.

    Where no talk is known, there is nobody to tell and nothing to note it beside.
    """
    event, held = turn.event, turn.conversation
    words = event.text()
    if not words or not turn.history:
        return Outcome(conversation=held, decision="quiet")
    note = Entry(
        key=event.key, kind="note", author="system", parts=event.parts, at=turn.now, fault=words
    )
    said = tuple(tell(held, words, key=f"1:{event.key}"))
    return Outcome(conversation=held, say=said, notes=(note,), decision="quiet")
