"""Files that customers and staff gave each other, sealed like the words around them."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.files import StoredFile, shared_with
from bot.domain.message import Address, Media
from bot.store.database import Database

_NOBODYS = Address(channel="", account="", room="")
"""Of a file that was found by its id: whose it is stands in the table as a hash alone."""


class PostgresFiles:
    """Files in PostgreSQL: name and content sealed, the address as a keyed hash."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = database.tables["files"]
        self._digest = database.keyring.digest

    async def add(self, file: StoredFile) -> None:
        row = {
            "id": file.id,
            "room": self._digest(file.address.key()),
            "head": (file.name, file.mime),
            "content": file.content,
        }
        statement = insert(self._table).values(row).on_conflict_do_nothing(index_elements=["id"])
        async with self._database.begin() as connection:
            await connection.execute(statement)

    async def get(self, file: str, address: Address) -> StoredFile | None:
        t = self._table
        room = self._digest(address.key())
        statement = select(t.c.head, t.c.content).where(t.c.id == file, t.c.room == room)
        async with self._database.begin() as connection:
            found = (await connection.execute(statement)).first()
        if found is None:
            return None
        name, mime = found.head
        return StoredFile(id=file, address=address, name=name, mime=mime, content=found.content)

    async def find(self, file: str) -> StoredFile | None:
        t = self._table
        statement = select(t.c.head, t.c.content).where(t.c.id == file)
        async with self._database.begin() as connection:
            found = (await connection.execute(statement)).first()
        if found is None:
            return None
        name, mime = found.head
        return StoredFile(id=file, address=_NOBODYS, name=name, mime=mime, content=found.content)

    async def share(self, file: str, to: Address) -> Media | None:
        """The address that a file is of stands in the table as a hash: it is copied in any case."""
        found = await self.find(file)
        if found is None:
            return None
        copy = shared_with(found, to)
        await self.add(copy)
        return copy.media()

    async def remove(self, file: str) -> None:
        async with self._database.begin() as connection:
            await connection.execute(delete(self._table).where(self._table.c.id == file))
