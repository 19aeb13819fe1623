"""What somebody wrote last: the platform's own id of it, for signs that belong to a message."""

from pydantic import ValidationError
from sqlalchemy import select

from bot.domain.errors import SettingsError
from bot.domain.message import Address, Inbound
from bot.store.database import Database


async def last_message(database: Database, address: Address) -> str | None:
    """The platform's id of the newest message of a room; None where none is known."""
    t = database.tables["events"]
    room = database.keyring.digest(address.key())
    newest = select(t.c.body).where(t.c.room == room).order_by(t.c.id.desc()).limit(_LOOKED_AT)
    async with database.reading() as connection:
        try:
            found: list[Inbound] = list((await connection.execute(newest)).scalars())
        except (SettingsError, ValidationError):  # a sign is not worth more
            return None
    said = (one.message_id for one in found if one.kind in ("message", "pressed"))
    return next(said, None)


_LOOKED_AT = 5
"""Receipts stand between."""
