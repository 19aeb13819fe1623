"""What a handler may ask of a turn before it takes it."""

from collections.abc import Callable
from typing import TypeAlias

from bot.domain.conversation import Holder, Turn
from bot.domain.feedback import FEEDBACK
from bot.domain.message import Inbound, InboundKind, Pressed

Filter: TypeAlias = Callable[[Turn], bool]

PERSON = "person"
"""The value of the button that asks for a person."""
CANCEL = "cancel"
"""The value of the button that takes the request back."""
END = "end"
"""The value of the button that ends a talk with a person."""
NONE_OF_THESE = "none"
"""The value of the choice that refuses all others."""
ARTICLE = "article:"
"""Values of choices that name an article start with this."""


def always(_turn: Turn) -> bool:
    return True


def held_by(*holders: Holder) -> Filter:
    """The conversation is held by one of these."""
    return lambda turn: turn.conversation.holder in holders


def kind(*kinds: InboundKind) -> Filter:
    """The event is of one of these kinds."""
    return lambda turn: turn.event.kind in kinds


def presses(value: str) -> Filter:
    """A button with this value, or with a value that starts so (values ending in ":")."""

    def matches(turn: Turn) -> bool:
        got = pressed(turn)
        return got is not None and (got.startswith(value) if value.endswith(":") else got == value)

    return matches


def wordless(turn: Turn) -> bool:
    """There is nothing to read: a file alone, say."""
    return not turn.event.text().strip() and pressed(turn) is None


def both(*filters: Filter) -> Filter:
    """All of them say yes."""
    return lambda turn: all(accepts(turn) for accepts in filters)


def either(*filters: Filter) -> Filter:
    """At least one of them says yes."""
    return lambda turn: any(accepts(turn) for accepts in filters)


def pressed(turn: Turn) -> str | None:
    """The value of the pressed button, if the event is one."""
    return pressed_in(turn.event)


def pressed_in(event: Inbound) -> str | None:
    """The value of the button that an event pressed."""
    return next((p.value for p in event.parts if isinstance(p, Pressed)), None)


def starts_talk(event: Inbound) -> bool:
    """Whether an event begins a conversation, or reopens a closed one.

    Ending what has ended already does not: a button pressed twice is pressed once. Nor does a word
    about an answer of before.
    """
    if event.kind == "pressed":
        value = pressed_in(event) or ""
        return value not in (CANCEL, END) and not value.startswith(FEEDBACK)
    return event.kind == "message"
