"""Files that customers and staff gave each other, sealed like the words around them."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.files import StoredFile
from bot.domain.message import Address
from bot.store.database import Database


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

    async def remove(self, file: str) -> None:
        async with self._database.begin() as connection:
            await connection.execute(delete(self._table).where(self._table.c.id == file))
