"""One error tree, sorted by what the caller must do about it.

CarelineError
├── NotAuthentic          refuse the caller: nothing is stored
├── BadRequest            refuse the input and say what to change
├── TooMany               refuse for now; the caller may come back after `after`
├── ChannelError          a platform did not take a message
│   ├── TryLater          send again after `after`
│   └── Refused           never send this one again; `reason` says why
│       └── OptedOut      nor any other to them
├── Conflict              somebody else moved first: read again, decide again
├── TransitionRefused     the state machine does not allow this act now
├── Unreadable            a stored row cannot be opened; `row` is its id
├── Unavailable           our database is away: answer 503 and keep nothing
├── KnowledgeError        a knowledge base cannot be read, built or swapped in
├── ConnectorError        an outside system failed
└── SettingsError         the operator must mend the configuration; `faults` has all of it
"""

from collections.abc import Sequence
from datetime import timedelta


class CarelineError(Exception):
    """The root: everything the product raises on purpose."""


class NotAuthentic(CarelineError):
    """The caller could not prove who it is."""


class BadRequest(CarelineError):
    """The input cannot be used; the message says what to change and is safe to show."""


class TooMany(CarelineError):
    """The caller sends faster than allowed."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"Too many requests; try again in {after.total_seconds():.0f} s.")
        self.after = after


class ChannelError(CarelineError):
    """A platform did not take a message."""


class TryLater(ChannelError):
    """The platform is away or asks for patience."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"try again in {after.total_seconds():.1f} s")
        self.after = after


class Refused(ChannelError):
    """The platform will never take this message.

    `remedy` is a sentence for staff: what they can do about it.
    """

    def __init__(self, reason: str, *, remedy: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class OptedOut(Refused):
    """The platform sends them nothing: they asked it not to."""


class Conflict(CarelineError):
    """The row has moved since it was read."""


class TransitionRefused(CarelineError):
    """The act is not allowed in the present state; `code` names the words to answer with.

    `holder_name` is the person who has the conversation, where that is the reason.
    """

    def __init__(self, code: str, *, holder_name: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.holder_name = holder_name


class Unreadable(CarelineError):
    """A stored row cannot be opened: its key is missing, or a newer release wrote it."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row} cannot be opened")
        self.row = row


class Unavailable(CarelineError):
    """Our own storage cannot be reached just now."""


class KnowledgeError(CarelineError):
    """A knowledge base cannot be read, built or swapped in."""


class ConnectorError(CarelineError):
    """An outside system that a skill asks has failed.

    `kind` is the class of the error behind it, where that was raised in another process.
    """

    def __init__(self, *args: object, kind: str = "") -> None:
        super().__init__(*args)
        self.kind = kind


class SettingsError(CarelineError):
    """The configuration or the machine needs the operator."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
