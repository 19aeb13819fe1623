"""Everything that a store in memory keeps, as rows that never change."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from bot.domain.consent import Consent
from bot.domain.conversation import Compose, Conversation, Entry, Timer
from bot.domain.message import Address, Inbound, Outbound, Receipt
from bot.domain.ports import FeedItem
from bot.domain.results import Ending, Rating, Score
from bot.domain.writing import Spent

EPOCH = datetime.fromtimestamp(0, UTC)


def room_of(address: Address) -> str:
    return sha256(address.key().encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeEvent:
    """An event row: `state` is undone, done or parked."""

    id: int
    event: Inbound
    room: str
    state: str = "undone"
    tries: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeMessage:
    """A row to send: `state` is unsent, sending, sent, refused or dropped."""

    id: int
    outbound: Outbound
    room: str
    conversation: str
    state: str = "unsent"
    tries: int = 0
    due_at: datetime = EPOCH
    sending_by: str | None = None
    since: datetime | None = None
    receipt: Receipt | None = None
    reached: str = ""


@dataclass(slots=True)
class World:
    """Everything stored. Rows are frozen, so copying the dicts copies the world."""

    events: dict[str, FakeEvent] = field(default_factory=dict)  # by key
    conversations: dict[str, Conversation] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)  # room → conversation
    handoffs: dict[str, str] = field(default_factory=dict)  # hand-off → conversation
    threads: dict[str, str] = field(default_factory=dict)  # staff thread → conversation
    owed: dict[str, str] = field(default_factory=dict)  # hand-off → line, while something is owed
    entries: dict[str, tuple[str, Entry]] = field(default_factory=dict)  # key → conversation, entry
    withdrawn: dict[str, bool] = field(default_factory=dict)
    outbox: dict[str, FakeMessage] = field(default_factory=dict)  # by key
    timers: dict[tuple[str, str], Timer] = field(default_factory=dict)
    composes: dict[str, Compose] = field(default_factory=dict)
    costs: dict[str, Spent] = field(default_factory=dict)
    feed: dict[str, tuple[str, FeedItem]] = field(default_factory=dict)  # key → room, item
    ratings: dict[str, Rating] = field(default_factory=dict)  # by hand-off
    endings: dict[str, Ending] = field(default_factory=dict)  # by conversation
    scores: dict[tuple[str, str], Score] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)  # by key

    def require(self, conversation: str) -> None:
        if conversation not in self.conversations:
            raise LookupError(f"there is no conversation {conversation}")

    def copy(self) -> "World":
        return World(*(dict(getattr(self, name)) for name in self.__slots__))
