"""Files in memory."""

from bot.domain.errors import Unavailable
from bot.domain.files import StoredFile, shared_with
from bot.domain.message import Address, Media


class FakeFiles:
    """What was given, by id."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredFile] = {}
        self.away = False

    async def add(self, file: StoredFile) -> None:
        self._reach()
        self.kept.setdefault(file.id, file)

    async def get(self, file: str, address: Address) -> StoredFile | None:
        self._reach()
        found = self.kept.get(file)
        return found if found and found.address == address else None

    async def find(self, file: str) -> StoredFile | None:
        self._reach()
        return self.kept.get(file)

    async def share(self, file: str, to: Address) -> Media | None:
        found = await self.find(file)
        if found is None:
            return None
        copy = shared_with(found, to)
        await self.add(copy)
        return copy.media()

    async def remove(self, file: str) -> None:
        self._reach()
        self.kept.pop(file, None)

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("the database is away")
