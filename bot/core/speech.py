"""Making outbound rows and transcript lines: keys that stay the same when a turn runs twice.

A row's key starts with its number, an event's with its channel: however a customer's browser names
its messages, no answer can take the place of a message or of another answer.
"""

from datetime import datetime

from bot.core.words import Key, say
from bot.domain.conversation import Conversation, Entry, Turn
from bot.domain.message import Address, Author, Inbound, InboundKind, Outbound, Part, Text

IGNORED = "ignored"
"""The decision on a press whose moment has passed: it leaves no line, and begins nothing."""


_PLAIN: tuple[InboundKind, ...] = ("message", "pressed")
_SAID: tuple[InboundKind, ...] = (*_PLAIN, "stopped", "started", "revoked", "allowed")


class Speaker:
    """Words for one conversation, numbered within one cause (an event, a press, a timer)."""

    def __init__(self, conversation: Conversation, *, cause: str, trace: str) -> None:
        self._conversation = conversation
        self._cause = cause
        self._trace = trace
        self._count = 0

    @property
    def language(self) -> str:
        """The language of the conversation."""
        return self._conversation.language

    def parts(
        self,
        *parts: Part,
        author: Author = "bot",
        name: str | None = None,
        to: Address | None = None,
        replaces: str | None = None,
    ) -> Outbound:
        """A row with these parts, to the customer unless `to` says otherwise."""
        self._count += 1
        return Outbound(
            key=f"{self._count}:{self._cause}",
            address=to or self._conversation.address,
            parts=parts,
            author=author,
            author_name=name,
            trace=self._trace,
            holder_version=self._conversation.version,
            replaces=replaces,
        )

    def words(self, key: Key, *more: Part, author: Author = "system", **values: str) -> Outbound:
        """A fixed sentence of the catalogue, in the conversation's language."""
        text = say(key, self._conversation.language, **values)
        return self.parts(Text(text=text), *more, author=author)


def speaker(turn: Turn, conversation: Conversation | None = None) -> Speaker:
    """The speaker of a turn; pass the conversation when the turn has moved its version."""
    return Speaker(conversation or turn.conversation, cause=turn.event.key, trace=turn.event.trace)


def heard(event: Inbound, at: datetime, decision: str) -> Entry | None:
    """The transcript line of what came in, or None for events without words, or not to be kept."""
    if event.kind not in _SAID or not (event.parts or event.kind in _PLAIN):
        return None
    if decision == IGNORED:
        return None
    return Entry(
        key=event.key,
        kind="said",
        author="customer",
        parts=event.parts,
        at=at,
        name=event.sender.name,
        asker=event.sender.handle,
        decision=decision,
        sent_at=event.sent_at,
    )


def spoken(row: Outbound, at: datetime) -> Entry:
    """The transcript line of a row to the customer."""
    return Entry(
        key=row.key,
        kind="said",
        author=row.author,
        parts=row.parts,
        at=at,
        name=row.author_name,
        replaces=row.replaces,
    )
