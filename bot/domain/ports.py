"""The seams between the parts: what each may ask of another, in a few verbs each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from bot.domain.consent import Consents
from bot.domain.contact import Person
from bot.domain.conversation import Compose, Conversation, Entry, Timer
from bot.domain.knowledge import Article, Calibration, Consultation, Passage
from bot.domain.message import Address, HandoffCard, Inbound, Outbound, Receipt, Sender
from bot.domain.reading import Reading
from bot.domain.results import Rating, Result
from bot.domain.teaching import Lessons
from bot.domain.writing import Brief, Sentence, Spent, Usage


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


# --- channels -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a channel can do. Degrade by ability, never by channel name.

    `threads`: a message begins a thread, whose id is the message's (`Receipt.message_id`); `marks`:
    a `Mark` is a reaction to somebody's message; `private`: `only_for` is kept; `media`: a file is
    shown by its address; `files`: one that we keep is fetched from here.
    `max_text` in characters; `window` is how long after the customer's last words free text may
    be sent (None = always); `idempotent`: a repeated send with the same key is shown once;
    `forms`: a button may open a form for words, which come back as `bot.domain.forms` says;
    `inside`: the platform is our own database, and the channel is a `WritesInside`;
    `opt_out`: by law people may ask to be left alone there, and then are; `gathers` is how long
    people go on typing what they have begun to say (None = each message is one thought).
    """

    buttons: bool = False
    threads: bool = False
    media: bool = False
    files: bool = False
    edits: bool = False
    private: bool = False
    marks: bool = False
    typing: bool = False
    streaming: bool = False
    idempotent: bool = False
    forms: bool = False
    inside: bool = False
    opt_out: bool = False
    max_text: int = 4000
    window: timedelta | None = None
    gathers: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request as a channel sees it: the exact body bytes, lower-case header names."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer a webhook at once."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"


Progress: TypeAlias = Literal["thinking", "typing", "idle"]
"""The bot thinks, a person types, or neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """Somebody types: it is shown at the other end for some seconds, and kept nowhere."""

    address: Address
    sender: Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a webhook held: events for the message lane, and an immediate reply if one is due.

    `pressed` is for the press lane: its sender waits for the verdict, which `AnswersPresses` tells.
    """

    events: tuple[Inbound, ...] = ()
    reply: Reply = Reply()
    typing: tuple[Typing, ...] = ()
    pressed: Inbound | None = None


Keep: TypeAlias = Callable[[Received], Awaitable[None]]
"""Stores what was received. Raises `Unavailable`: then it is not to be acknowledged."""


class Draft(Protocol):
    """A message that grows while it is written; each append checks who holds the conversation."""

    async def append(self, sentence: str) -> bool:
        """Show one more checked sentence; False when the holder has moved: stop writing."""
        ...

    async def finish(self) -> None:
        """The final message follows as an `Outbound`; take the draft away when it shows."""
        ...

    async def abandon(self) -> None:
        """Take the draft away: nothing follows."""
        ...


class Channel(Protocol):
    """One platform. A send returns a receipt or raises; never neither."""

    name: str
    abilities: Abilities

    async def receive(self, request: Request) -> Received:
        """Verify and parse. Raises `NotAuthentic` or `BadRequest`."""
        ...

    async def send(self, outbound: Outbound) -> Receipt:
        """Send one message. Raises `TryLater` or `Refused`."""
        ...

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        """Show that somebody is at work, where the channel can; `name` is the person's.

        Never raises.
        """
        ...

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:
        """Open a draft, or None where the channel does not stream."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class WritesInside(Channel, Protocol):
    """A channel whose platform is our own database.

    What is said there is delivered in the commit that decided it: no row waits to be sent.
    """

    def as_shown(self, outbound: Outbound) -> "Shown":
        """What is put in the feed of the message's address to send it."""
        ...


@runtime_checkable
class Listens(Channel, Protocol):
    """A channel that also fetches events itself, through a connection of its own."""

    async def listen(self, keep: Keep) -> None:
        """Hear events until cancelled; ends at once where it is not set up to listen."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the press of a card's button came to, in words, and the card as it is now.

    `version` is the holder's, as in the `Outbound` of a card.
    """

    text: str
    done: bool = False
    card: HandoffCard | None = None
    version: int = 0


@runtime_checkable
class AnswersPresses(Channel, Protocol):
    """A channel whose platform shows the answer of its webhook to whoever pressed a button."""

    def verdict(self, verdict: Verdict) -> Reply:
        """The answer to a webhook whose `Received.pressed` came to this."""
        ...


# --- thinking -------------------------------------------------------------------------------


class Reader(Protocol):
    """Turns words into a `Reading` with one encode."""

    async def read(self, text: str, *, feelings: bool = False) -> Reading:
        """Read one message; any length (the encoder sees its first 256 word pieces).

        Distress, anger and sentiment are read only where `feelings` is asked for.
        """
        ...

    def ahead(self, text: str) -> None:
        """Told that `read` will be asked for these words in a moment; it may begin, or not."""
        ...


class Library(Protocol):
    """The knowledge bases, each at its live version."""

    async def consult(
        self, kb: str, question: str, reading: Reading, line: str | None = None
    ) -> Consultation:
        """Find what answers a question, in articles that are open to the line.

        Raises `KnowledgeError` if `kb` has no live version.
        """
        ...

    async def article(self, kb: str, article: str, line: str | None = None) -> Passage | None:
        """One article by id, for a pressed choice, where it is open to the line."""
        ...

    async def mend(self, kb: str, text: str) -> str:
        """The text with its slips mended by the words of `kb`; most often the text itself."""
        ...

    async def close(self) -> None:
        """Let go of indexes."""
        ...


class Writer(Protocol):
    """A language model behind one verb; absent by default. It is not believed: the core checks."""

    def write(self, brief: Brief, spend: Callable[[Usage], None]) -> AsyncIterator[Sentence]:
        """Sentences, one at a time. Raises `ConnectorError`: the approved text follows.

        `spend` is called once, however the writing ends (stopped half way, too), with what the
        model used as far as that is known.
        """
        ...


# --- storage --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to start after the commit: of one room, or of one `ref`. Jobs carry ids, never words.

    `room` is `Transaction.room(address)`: handles of one room run one after the other, and so do
    deliveries to one room. `due_at` puts it off.
    """

    kind: Literal["handle", "compose", "deliver"]
    room: str
    ref: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An accepted event, how often working on it has failed, and what it falls into.

    `known` is the current conversation of its address, `history` what was last said there after
    its boundary, oldest first, each line opened when it is looked at. `also` are events that were
    made one with it.
    """

    id: int
    event: Inbound
    tries: int = 0
    known: Conversation | None = None
    history: Sequence[Entry] = ()
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is put in a room's feed under its key."""

    key: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTurn:
    """The end of a turn that only talks: the event it began with, and what was said.

    The conversation is a stored one, without a hand-off; all is shown at its own address.
    """

    event: int
    conversation: Conversation
    said: Sequence[Entry]
    shown: Sequence[Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedEvent:
    """An event set aside after too many failures. `error` is a class name, never words."""

    id: int
    channel: str
    trace: str
    tries: int
    error: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message this process has marked `sending`: how often that was tried, and since when."""

    id: int
    outbound: Outbound
    conversation: str
    tries: int
    added_at: datetime


Settled: TypeAlias = Literal["sent", "refused", "dropped"]


Reach: TypeAlias = Literal["delivered", "read", "failed"]
"""How far a message has come, by its platform's word; what comes later stands further right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A sent message and the conversation it belongs to; `moved`: it has come further by this."""

    outbound: Outbound
    conversation: str
    moved: bool


class Events(Protocol):
    """Accepted events, oldest first per room."""

    async def add(self, event: Inbound, *, done: bool = False) -> bool:
        """Store it; False when its key is known already. `done`: this transaction works on it."""
        ...

    async def next(self, room: str, *, recall: int = 0) -> StoredEvent | None:
        """The oldest undone event of a room, with at most `recall` lines of what was said before.

        Raises `Unreadable` where it, or the conversation it falls into, cannot be opened.
        """
        ...

    async def burst(self, room: str) -> tuple[StoredEvent, ...]:
        """The undone events of a room, oldest first, without what they fall into.

        Raises `Unreadable` where one cannot be opened.
        """
        ...

    async def done(self, event_id: int) -> bool:
        """Mark it done; whether its room has another. Raises `Conflict` if it was done already."""
        ...

    async def failed(self, event_id: int, error: str, *, park: bool) -> None:
        """Count a failure; `park` sets the event aside. Raises `Conflict` if it was done."""
        ...


class Conversations(Protocol):
    """Conversations; the current one of an address is unique."""

    async def at(self, address: Address) -> Conversation | None:
        """The current conversation of an address."""
        ...

    async def get(self, conversation: str, *, lock: bool = False) -> Conversation | None:
        """By id; `lock` keeps others from changing it until the transaction ends."""
        ...

    async def by_handoff(self, handoff: str, *, lock: bool = False) -> Conversation | None:
        """The conversation whose present hand-off it is."""
        ...

    async def by_thread(self, thread: Address, *, lock: bool = False) -> Conversation | None:
        """The conversation that had, or has, a hand-off with this staff thread."""
        ...

    async def add(self, conversation: Conversation) -> None:
        """Store a new one; it becomes the current one of its address."""
        ...

    async def save(self, conversation: Conversation, said: Sequence[Entry] = ()) -> None:
        """Store a change (revision + 1) and append what was said, as `Transcript.add` would.

        Raises `Conflict` if the revision has moved.
        """
        ...

    async def settle(self, handoff: str, by: Person, now: datetime) -> bool:
        """End what an earlier hand-off of a conversation still owes; False when nothing is owed.

        Only where `by` may handle its line.
        """
        ...


class Transcript(Protocol):
    """What was said, in order, per conversation."""

    async def add(self, conversation: str, entries: Sequence[Entry]) -> None:
        """Append; `seq` is given here."""
        ...

    async def read(
        self, conversation: str, *, after: datetime | None = None, limit: int = 200
    ) -> tuple[Entry, ...]:
        """The last `limit` entries said after a moment, oldest first."""
        ...


class Outbox(Protocol):
    """Messages to send, in order per address."""

    async def add(self, conversation: str, rows: Sequence[Outbound]) -> None:
        """Store unsent rows; a known key is left alone."""
        ...

    async def withdraw(self, key: str) -> bool:
        """Drop a row that nobody has begun to send, or that waits to be tried again."""
        ...

    async def claim(self, room: str, now: datetime) -> OutboxRow | None:
        """Mark the next row of a room `sending` for this process.

        A bot row whose `holder_version` is not the conversation's any more is dropped on the
        way. None while nothing is due at `now` or a live process is sending to the room. A row
        that replaces one which was sent, and is still known, has its `target`.
        """
        ...

    async def settle(self, row_id: int, state: Settled, *, receipt: Receipt | None = None) -> None:
        """End a row this process marked."""
        ...

    async def postpone(self, row_id: int, due_at: datetime) -> None:
        """Give a row back, to be tried at `due_at`."""
        ...

    async def wake(self, room: str) -> bool:
        """Have what was given back tried at once; whether there is any."""
        ...

    async def reached(self, message_id: str, state: Reach) -> Reached | None:
        """Note how far a sent message has come; None where it is not known."""
        ...


class Timers(Protocol):
    """Rows that become due."""

    async def set(self, timer: Timer) -> None:
        """Store one; the same kind for the same conversation replaces the earlier one."""
        ...

    async def take_due(self, now: datetime, *, limit: int = 100) -> tuple[Timer, ...]:
        """Take due ones out of the table, skipping those another process is taking."""
        ...


class Composing(Protocol):
    """Compose jobs waiting or at work, and what those that are done have cost."""

    async def add(self, compose: Compose) -> None:
        """Store one."""
        ...

    async def get(self, compose_id: str) -> Compose | None:
        """None when done."""
        ...

    async def done(self, compose_id: str) -> None:
        """Take it out."""
        ...

    async def spend(self, spent: Spent) -> None:
        """Keep what a job has cost; a job that was done twice has cost both."""
        ...

    async def spent(self, since: datetime) -> Usage:
        """What all jobs since a moment have cost together."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One thing a web chat shows. `seq` is without gaps per room, and resumes a stream.

    `body` is the JSON that the browser gets.
    """

    seq: int
    body: bytes

    def announced(self) -> bytes:
        """As an announcement of its room carries it, so that nobody need read it again."""
        return b"%d %s" % (self.seq, self.body)

    @classmethod
    def heard(cls, payload: bytes) -> "FeedItem | None":
        """The item an announcement carries; None where it does not, and says: read again."""
        seq, _, body = payload.partition(b" ")
        return cls(seq=int(seq), body=body) if seq.isdigit() and body else None


class Feed(Protocol):
    """What each web chat room has been sent: the web channel's platform."""

    async def add(self, room: Address, key: str, body: bytes) -> int:
        """Append and wake the room's streams; a known key keeps its place. Returns `seq`."""
        ...

    async def read(self, room: Address, *, after: int, limit: int = 500) -> tuple[FeedItem, ...]:
        """Items after `after`, in order."""
        ...

    async def holds(self, conversation: str, version: int) -> bool:
        """Whether the bot still holds at `version`; the answer stays true until the commit."""
        ...

    async def signal(self, room: Address, body: bytes) -> None:
        """Something that passes (typing, a growing draft): shown to those connected, not kept."""
        ...


class Results(Protocol):
    """What conversations came to: ratings and ends."""

    async def keep(self, result: Result) -> None:
        """Write one down.

        The first score of a hand-off stays, a comment may follow it; the first end of a
        conversation stays.
        """
        ...

    async def rating(self, handoff: str) -> Rating | None:
        """The customer's answer after a hand-off."""
        ...


class Transaction(Protocol):
    """One commit. Everything asked of it happens together, or not at all."""

    @property
    def events(self) -> Events: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def transcript(self) -> Transcript: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def composing(self) -> Composing: ...
    @property
    def feed(self) -> Feed: ...
    @property
    def results(self) -> Results: ...
    @property
    def consents(self) -> Consents: ...

    def room(self, address: Address) -> str:
        """The id of an address that may appear in jobs and logs: a keyed hash."""
        ...

    async def later(self, job: Job) -> None:
        """Start a job once this transaction has committed."""
        ...


class Store(Protocol):
    """Where conversations live. Raises `Unavailable` while the database is away."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction: commits at the end, rolls back when anything raises."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """Only to read and to signal: no commit holds its statements together; it costs less."""
        ...

    async def take(self, event: Inbound, *, shown: bytes | None = None) -> bool:
        """Keep one event, start its work and put `shown` in its room's feed, in one commit.

        False when it was known already: then nothing is done.
        """
        ...

    async def finish(self, turn: PlainTurn) -> bool:
        """Mark the event done, save the conversation and show what was said, in one commit.

        Whether the room has another event. Raises `Conflict`, and then nothing is done, if the
        event was done already or the conversation's revision has moved.
        """
        ...

    def idle(self, row_id: int) -> None:
        """Say that this process is no longer at work on an outbox row it claimed.

        A row that is still `sending` then may be claimed again.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """One encoded text of an article: `kind` is the side it speaks for.

    `vector` is little-endian float32, unit length; `digest` identifies text and encoder.
    """

    article: str
    kind: Literal["question", "question_answer"]
    digest: str
    vector: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of a knowledge base and how it was made.

    `judge` is what its questions are scored and decided by, readable by the library alone.
    `gate` holds two cuts for a library that cannot read it: answer at or above `gate[0]`, offer
    at or above `gate[1]`.
    """

    kb: str
    version: int
    fingerprint: str
    articles: int
    gate: tuple[float, float]
    made_at: datetime
    judge: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A version became live: it was just ingested, or restored. `kept` if it could be again."""

    kb: str
    version: int
    act: Literal["ingest", "rollback"]
    at: datetime
    articles: int
    kept: bool


class Archive(Protocol):
    """The versions of a knowledge base over time, and the way back to one that is kept."""

    async def publications(self, kb: str) -> tuple[Publication, ...]:
        """What was live, the newest first; none for a knowledge base that is not known."""
        ...

    async def restore(self, kb: str, version: int, at: datetime) -> None:
        """Make a version live that has been before; those who follow the changes hear of it.

        Raises `KnowledgeError` for one that is not kept.
        """
        ...


class Labels(Protocol):
    """Labelled questions, by which a knowledge base is calibrated whenever it is published."""

    async def calibration(self, kb: str) -> Calibration | None:
        """None where nobody has labelled any."""
        ...

    async def relabel(self, kb: str, calibration: Calibration) -> None:
        """Put them in the place of those before; they count from the next edition on."""
        ...


class Shelf(Labels, Lessons, Protocol):
    """Articles and editions: the truth that every index is derived from."""

    async def live(self) -> tuple[Edition, ...]:
        """The live edition of every knowledge base."""
        ...

    async def articles(self, kb: str, version: int) -> tuple[Article, ...]:
        """The articles of an edition, by id."""
        ...

    async def questions(self, kb: str, line: str, *, most: int = 20) -> tuple[str, ...]:
        """Questions of the live edition that a line's people may ask, by id of their articles.

        None where a person is to answer.
        """
        ...

    async def phrasings(self, kb: str, version: int) -> tuple[Phrasing, ...]:
        """The encoded texts of an edition, in a stable order."""
        ...

    async def publish(
        self, edition: Edition, articles: Sequence[Article], phrasings: Sequence[Phrasing]
    ) -> int:
        """Store an edition and make it live in one commit; returns the version given to it.

        `edition.version` is the live version it was made from (0 for none), which stays kept:
        raises `Conflict` when another has been published since.
        """
        ...

    def changes(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Names of knowledge bases as their live version changes, for as long as it is open."""
        ...
