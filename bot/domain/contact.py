"""Whom we talk to, and who talks for us."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.message import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody we serve, known by handles ("web:…", "sms:+49…"), and on what terms."""

    id: str
    handles: tuple[str, ...]
    name: str | None = None
    locale: str | None = None
    consent: datetime | None = None
    opted_out: tuple[str, ...] = ()
    retention: str = "default"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One member of staff: all addresses and rights of one human being.

    `aliases` are the other names that calendars know them by. `assist`: whether they want suggested
    replies and hints.
    """

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    locale: str | None = None
    addresses: tuple[Address, ...] = ()
    lines: tuple[str, ...] = ("*",)
    rights: tuple[str, ...] = ("handle",)
    aliases: tuple[str, ...] = ()
    assist: bool = True

    def may_handle(self, line: str) -> bool:
        """Whether this person may act on hand-offs of a line."""
        return "handle" in self.rights and ("*" in self.lines or line in self.lines)

    def may_operate(self) -> bool:
        """Whether this person may switch lines and approve knowledge."""
        return "operate" in self.rights
