"""Installs in memory."""

from bot.domain.errors import Unavailable
from bot.domain.installs import Install


class FakeInstalls:
    """What workspaces have given us."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Install] = {}
        self.away = False

    async def put(self, install: Install) -> None:
        self._reach()
        self.kept[install.channel, install.account] = install

    async def get(self, channel: str, account: str) -> Install | None:
        self._reach()
        return self.kept.get((channel, account))

    async def all(self, channel: str) -> tuple[Install, ...]:
        self._reach()
        return tuple(one for key, one in sorted(self.kept.items()) if key[0] == channel)

    async def remove(self, channel: str, account: str) -> None:
        self._reach()
        theirs = {
            key
            for key, one in self.kept.items()
            if one.channel == channel and account in (one.account, one.organisation)
        }
        self.kept = {key: one for key, one in self.kept.items() if key not in theirs}

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("the database is away")
