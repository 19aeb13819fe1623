"""A conversation, who holds it, and what a turn of it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from bot.domain.consent import Consent
from bot.domain.handoff import Handoff
from bot.domain.knowledge import Passage
from bot.domain.line import Mode
from bot.domain.message import Address, Author, Inbound, Outbound, Part, words_of
from bot.domain.reading import Reading
from bot.domain.results import End, Result, Survey
from bot.domain.skill import PendingSkill

Holder: TypeAlias = Literal["bot", "waiting", "human", "closed"]
EntryKind: TypeAlias = Literal["said", "note", "marker"]
Change: TypeAlias = Literal["edited", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One thread of talk at one address.

    `version` counts changes of the holder: rows made for an older one are not sent. `revision`
    counts saves, so that two writers cannot overwrite each other. `boundary` is when the context
    starts: what was said up to it is history. `customers` are contact ids, the first asker first.
    `escalated`: a person was asked for at some time. `end` is how it ended, once that is certain.
    """

    id: str
    line: str
    address: Address
    opened_at: datetime
    customers: tuple[str, ...] = ()
    holder: Holder = "bot"
    version: int = 1
    revision: int = 0
    handoff: Handoff | None = None
    pending: PendingSkill | None = None
    language: str = "en"
    mode: Mode = "on"
    greeted: bool = False
    unknowns: int = 0
    boundary: datetime | None = None
    last_customer_at: datetime | None = None
    closed_at: datetime | None = None
    survey: Survey | None = None
    escalated: bool = False
    end: End | None = None

    def handoff_state(self) -> str:
        """How the desk lists the hand-off: by its holder, by what is still owed, or as ended."""
        if self.handoff is None or self.handoff.outcome is None:
            return self.holder
        return self.handoff.owes() or "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the transcript, as people who may see it read it.

    `seq` is given by the store (0 before that). `decision` is what the bot did with a customer's
    words; `asker` the contact who wrote them. Nothing that was said is ever rewritten: a line with
    `replaces` changes the line of that key, or takes it back where it has no parts. `changed` is
    told by `as_they_stand` alone. `fault` is why a message did not arrive, in the note of it.
    `sent_at` is when a customer sent it, by their platform's clock.
    """

    key: str
    kind: EntryKind
    author: Author
    parts: tuple[Part, ...]
    at: datetime
    name: str | None = None
    asker: str | None = None
    decision: str | None = None
    seq: int = 0
    replaces: str | None = None
    changed: Change | None = None
    fault: str | None = None
    sent_at: datetime | None = None

    def text(self) -> str:
        """All words of the line, joined; a pressed button speaks by its label."""
        return words_of(self.parts)


def undelivered(key: str) -> str:
    """The key of the note that says that a message did not arrive."""
    return f"refused:{key}"


def as_they_stand(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The lines with their later changes in place: edited ones have the newest words.

    What was taken back keeps its last words beside `changed`, for those who may see the
    transcript. A change of a line that is not among these is a line of its own.
    """
    standing: dict[str, Entry] = {}
    for entry in entries:
        old = standing.get(entry.replaces or "")
        if old is None or old.author != entry.author:
            standing[entry.key] = entry
        elif old.changed != "deleted":
            change: Change = "edited" if entry.parts else "deleted"
            standing[old.key] = replace(old, parts=entry.parts or old.parts, changed=change)
    return tuple(standing.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a handler decides on. `history` is the transcript since the boundary, oldest first."""

    event: Inbound
    conversation: Conversation
    reading: Reading
    now: datetime
    history: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compose:
    """A job for slow thinking: no lock is held, and the result is dropped if `version` moved.

    `asked_at` is when the customer began to wait, `language` the one to answer in.
    """

    id: str
    conversation: str
    version: int
    question: str
    passages: tuple[str, ...]
    trace: str
    asker: str
    asked_at: datetime | None = None
    language: str | None = None


TimerKind: TypeAlias = Literal["rung", "reminder", "silence", "reopen_closes", "survey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something to look at again at `due_at`; it re-reads the truth when it fires.

    `version` is the holder's version that set it: a timer of an older one does nothing. `silence`
    is the exception: it goes with a conversation from holder to holder until that is closed.
    """

    kind: TimerKind
    conversation: str
    due_at: datetime
    version: int
    ref: str = ""


Later: TypeAlias = Compose | Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What should happen: one commit stores all of it; nothing has happened before.

    `notes` are transcript lines beside the said ones (internal notes, boundary markers).
    `decision` is the label of the turn for metrics and the desk. `found` are the articles behind
    it, the best first, and `confidence` how sure the library is of that. `results` are
    kept for good. `consent` is what was said of being written to.
    """

    conversation: Conversation
    say: tuple[Outbound, ...] = ()
    later: tuple[Later, ...] = ()
    notes: tuple[Entry, ...] = ()
    decision: str = "none"
    found: tuple[Passage, ...] = ()
    confidence: float = 0.0
    results: tuple[Result, ...] = ()
    consent: Consent | None = None
