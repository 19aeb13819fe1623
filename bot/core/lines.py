"""Which line an address belongs to, and the mode it is in just now."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256

from bot.domain.conversation import Conversation
from bot.domain.errors import CarelineError, SettingsError
from bot.domain.line import Line, Mode
from bot.domain.message import Address


class NoLine(CarelineError):
    """No line has this address or this name."""


class Lines:
    """The lines by name and by address; modes may be switched while running."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = {line.name: line for line in lines}
        self._names = {a: line.name for line in self._lines.values() for a in line.addresses}
        self._rooms = {line.staff_room for line in self._lines.values() if line.staff_room}
        self._modes: dict[str, Mode] = {}
        if not self._lines:
            raise SettingsError(["lines: at least one line is needed"])

    def find(self, name: str) -> Line | None:
        """A line in its present mode; None when the settings no longer have it."""
        line = self._lines.get(name)
        return line and replace(line, mode=self._modes.get(name, line.mode))

    def title(self, name: str) -> str:
        """What customers call a line; its name, where it has left the settings."""
        line = self.find(name)
        return name if line is None else line.title

    def named(self, name: str) -> Line:
        """A line in its present mode. Raises `NoLine`."""
        line = self.find(name)
        if line is None:
            raise NoLine(f"there is no line {name}")
        return line

    def of(self, address: Address) -> Line:
        """The line of an address. Raises `NoLine`."""
        name = self._names.get(f"{address.channel}:{address.account}")
        if name is None:
            raise NoLine(f"no line has the address {address.channel}:{address.account}")
        return self.named(name)

    def serves(self, address: Address) -> bool:
        """Whether a line has the account of an address."""
        return f"{address.channel}:{address.account}" in self._names

    def is_staffs(self, address: Address) -> bool:
        """Whether an address is in a staff room: nobody there is a customer."""
        return replace(address, thread=None) in self._rooms

    def all(self) -> tuple[Line, ...]:
        """Every line in its present mode, in the order of the settings."""
        return tuple(self.named(name) for name in self._lines)

    def switch(self, modes: Mapping[str, Mode]) -> None:
        """Take over the modes switched at run time."""
        self._modes = dict(modes)


def shared(conversation: Conversation, percent: int) -> bool:
    """Whether a conversation is in the share that the bot answers: stable for its life."""
    place = int.from_bytes(sha256(conversation.id.encode()).digest()[:4], "big")
    return place % 100 < percent
