"""What comes in and what goes out: addresses, message parts, inbound events, outbound rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bot.domain.assist import Suggestion

Author: TypeAlias = Literal["bot", "staff", "system", "customer"]
InboundKind: TypeAlias = Literal[
    "message",
    "pressed",
    "edited",
    "deleted",
    "joined",
    "receipt",
    "composed",
    "stopped",
    "started",
    "revoked",
    "allowed",
]
"""`stopped`, `started`: nothing more may be sent to somebody, or again, and the platform has told
them so; `revoked`, `allowed`: they say the same in their own words, and nobody has answered yet. A
`receipt` has a `Mark`, the id of its message, and where that failed why, and what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place on a platform. A staff room is an address like any other.

    `channel` is the adapter ("web", "slack"), `account` our identity there (a line's web chat, a
    workspace, a phone number), `room` theirs, `thread` a thread inside the room.
    """

    channel: str
    account: str
    room: str
    thread: str | None = None

    def key(self) -> str:
        """One string per address, the same in every process: the name of its locks."""
        return "\x1f".join((self.channel, self.account, self.room, self.thread or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote an inbound event: the platform's handle, and what it tells of the person.

    `zone` is the IANA name of their time zone, `email` an address that the platform vouches for.
    """

    handle: str
    name: str | None = None
    locale: str | None = None
    zone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words. Markdown of the small kind (bold, lists, links); a channel renders what it can."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file kept by the platform or by us."""

    url: str
    mime: str
    name: str
    size: int | None = None
    kind: Literal["media"] = "media"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One offered option: what is shown, and the value that comes back when pressed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Options under a message: buttons where the channel has them, numbered text elsewhere."""

    options: tuple[Choice, ...]
    kind: Literal["choices"] = "choices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where an answer comes from."""

    article: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The citations of an answer."""

    items: tuple[Citation, ...]
    kind: Literal["sources"] = "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody said, shortened."""

    author: Author
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffCard:
    """The staff-room card of a hand-off. Channels render it from these fields alone.

    `why` is the reason in words, `summary` the customer's own last words, `said` what was said last
    by both, `tried` what the bot answered with. `zone` is the customer's time zone, where the
    platform tells it: never guessed. `suggested` is an article that fits.
    """

    handoff: str
    line: str
    reason: str
    priority: str
    state: str
    summary: str
    owner: str | None = None
    rule: str | None = None
    why: str = ""
    customer: str | None = None
    channel: str = ""
    language: str = ""
    zone: str | None = None
    said: tuple[Quote, ...] = ()
    tried: tuple[Citation, ...] = ()
    suggested: Suggestion | None = None
    kind: Literal["handoff_card"] = "handoff_card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A pressed button: the value of its `Choice`, and its label where the channel tells it."""

    value: str
    label: str | None = None
    kind: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """The result of a compose job: parts made for `version` of the conversation's holder."""

    version: int
    parts: tuple["Text | Sources", ...]
    decision: str
    kind: Literal["composed"] = "composed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What became of somebody's own message: a reaction to it, where the channel has them.

    `read` is a customer's doing, told by their platform.

    It is put on the message that `Outbound.reply_to` names.
    """

    state: Literal["delivered", "read", "failed"]
    kind: Literal["mark"] = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Words that a platform has approved beforehand, for when it takes no others.

    `name` and `language` choose it, `values` fill its places; `text` is what it says then.
    """

    name: str
    language: str
    values: tuple[str, ...]
    text: str
    kind: Literal["template"] = "template"


Part: TypeAlias = (
    Text | Media | Choices | Sources | HandoffCard | Pressed | Composed | Mark | Template
)


def words_of(parts: tuple[Part, ...]) -> str:
    """All words of some parts, joined; a pressed button speaks by its label."""
    words = (
        p.text
        if isinstance(p, Text | Template)
        else (p.label or "")
        if isinstance(p, Pressed)
        else ""
        for p in parts
    )
    return "\n".join(w for w in words if w)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One event from a platform.

    `key` is the platform's identity of the event, prefixed with the channel: a second event with
    the same key is the same event. `sent_at` is aware UTC. `message_id` is the platform's own id
    of the message, as a mark or an answer names it. `changes` is the key of the message that was
    edited or deleted; the parts are what it says now, the sender who had written it. What belongs
    to a message that began a thread, a press of its buttons too, has that thread in its address.
    """

    key: str
    trace: str
    address: Address
    sender: Sender
    parts: tuple[Part, ...]
    sent_at: datetime
    kind: InboundKind = "message"
    message_id: str | None = None
    changes: str | None = None

    def text(self) -> str:
        """All words of the event, joined; a pressed button speaks by its label."""
        return words_of(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The message that somebody wrote in a staff thread, as its platform knows it."""

    address: Address
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message to send.

    `key` is unique and stable over retries. `holder_version` is the holder's version it was made
    for: a bot row is dropped when the holder has moved on. `replaces` names the key of an earlier
    row to change; with no parts, to delete. `target` is the platform's id of that one, filled in as
    it is sent: without it there is nothing to change, and the row is a message like any other.
    `only_for` makes it private to one handle. `reply_to` is the platform's id of the message that
    is answered or marked, `origin` where words came from that are passed on. `mention` lists staff
    ids a room message should call. `required` goes to somebody who wants nothing more, too.
    """

    key: str
    address: Address
    parts: tuple[Part, ...]
    author: Author
    trace: str
    holder_version: int
    author_name: str | None = None
    replaces: str | None = None
    only_for: str | None = None
    reply_to: str | None = None
    target: str | None = None
    origin: Origin | None = None
    mention: tuple[str, ...] = ()
    required: bool = False

    def text(self) -> str:
        """All words of the message, joined."""
        return "\n".join(p.text for p in self.parts if isinstance(p, Text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof of a send: the platform's id of the message, and when it took it.

    `segments` is how many messages a phone network makes, and charges, of it; 0 where none do.
    `follows`: the platform will tell how far it comes.
    """

    message_id: str
    sent_at: datetime
    segments: int = 0
    follows: bool = False
