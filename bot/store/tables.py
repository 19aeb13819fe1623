"""The tables. Words and identifiers are `Sealed`; beside them keyed hashes for look-up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter
from sqlalchemy import Column, MetaData, Table

from bot.domain.consent import Consent
from bot.domain.contact import Person
from bot.domain.conversation import Compose, Conversation, Entry
from bot.domain.installs import Install
from bot.domain.knowledge import Labelled
from bot.domain.message import Inbound, Outbound, Receipt
from bot.domain.oncall import Shift
from bot.domain.teaching import Proposal
from bot.store import desk_tables, engine_tables, teaching_tables
from bot.store.keyring import Keyring
from bot.store.sealed import Sealed

S = TypeVar("S")
_BASE64 = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
KEPT: dict[str, TypeAdapter[Any]] = {
    "events.body": TypeAdapter(Inbound),
    "conversations.body": TypeAdapter(Conversation),
    "messages.body": TypeAdapter(Entry),
    "outbox.body": TypeAdapter(Outbound),
    "outbox.receipt": TypeAdapter(Receipt),
    "composes.body": TypeAdapter(Compose),
    "feed.body": TypeAdapter(str),
    "handoffs.summary": TypeAdapter(str),
    "handoffs.claimed_name": TypeAdapter(str),
    "handoffs.tried": TypeAdapter(tuple[str, ...]),
    "ratings.comment": TypeAdapter(str),
    "staff.body": TypeAdapter(Person),
    "calendars.shifts": TypeAdapter(tuple[Shift, ...]),
    "proposals.body": TypeAdapter(Proposal),
    "files.head": TypeAdapter(tuple[str, str]),
    "files.content": TypeAdapter(bytes, config=_BASE64),
    "installs.body": TypeAdapter(Install),
    "consents.body": TypeAdapter(Consent),
    "labels.body": TypeAdapter(tuple[Labelled, ...], config=_BASE64),
}
"""Every sealed column, and the type it keeps."""


@dataclass(frozen=True)
class Tables:
    """All tables of one schema, bound to a key ring."""

    keyring: Keyring
    metadata: MetaData = field(default_factory=MetaData)
    _built: dict[Callable[["Tables"], Any], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for make in (*engine_tables.TABLES, *desk_tables.TABLES, *teaching_tables.TABLES):
            make(self.metadata, self.sealed)

    def sealed(self, place: str, *, nullable: bool = False) -> Column[Any]:
        """A sealed column, named by its place."""
        kind: Sealed[Any] = Sealed(KEPT[place], self.keyring, place)
        return Column(place.split(".")[1], kind, nullable=nullable)

    def once(self, build: Callable[["Tables"], S]) -> S:
        """A statement of these tables, built at its first use: building costs more than running."""
        if build not in self._built:
            self._built[build] = build(self)
        statement: S = self._built[build]
        return statement

    def __getitem__(self, name: str) -> Table:
        return self.metadata.tables[name]
