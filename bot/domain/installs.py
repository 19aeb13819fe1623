"""Where our app is installed on a platform: what each workspace has given us."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """One workspace. `organisation` is the larger one it came with, where there is any.

    `user` and `bot` are who we are there, `token` proves it, `scopes` is what it may do.
    """

    channel: str
    account: str
    name: str
    user: str
    bot: str
    token: str = field(repr=False)
    scopes: tuple[str, ...]
    at: datetime
    organisation: str | None = None


class Installs(Protocol):
    """Installs, their tokens sealed. Raises `Unavailable` while the database is away."""

    async def put(self, install: Install) -> None:
        """Keep one, in the place of an earlier one of the same account."""
        ...

    async def get(self, channel: str, account: str) -> Install | None:
        """The one of an account."""
        ...

    async def all(self, channel: str) -> tuple[Install, ...]:
        """All of a channel, by account."""
        ...

    async def remove(self, channel: str, account: str) -> None:
        """Forget an account, and all that came with it where it is an organisation."""
        ...
