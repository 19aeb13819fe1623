"""The customer edits or takes back a message while a person is awaited or talking."""

from bot.core.threads import tell
from bot.domain.conversation import Entry, Outcome, Turn

EDITED = "The customer has changed a message. It says now: {text}"
DELETED = "The customer has taken a message back."


async def changed(turn: Turn) -> Outcome:
    """Staff are told; the transcript has the change beside what was said first.

    Nobody waits for an answer to it, and no rule looks at it: a person does.
    """
    event, held = turn.event, turn.conversation
    taken_back = event.kind == "deleted" or not event.parts
    line = Entry(
        key=event.key,
        kind="said",
        author="customer",
        parts=() if taken_back else event.parts,
        at=turn.now,
        name=event.sender.name,
        asker=event.sender.handle,
        decision="deleted" if taken_back else "edited",
        replaces=event.changes,
    )
    words = DELETED if taken_back else EDITED.format(text=event.text())
    told = tuple(tell(held, words, key=f"1:{event.key}"))
    return Outcome(conversation=held, say=told, notes=(line,), decision=line.decision or "quiet")
