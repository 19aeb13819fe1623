"""Brings the schema up to date: one query when it is, one careful upgrade when it is not."""

import asyncio
from pathlib import Path

import psycopg.errors
import sqlalchemy.exc
from sqlalchemy import Connection, NullPool, create_engine, text

from bot.domain.errors import SettingsError
from bot.store.database import REACHING, Database, mapped_errors

HEAD = "0013"
"""The newest revision in `migrations/versions`."""

FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x6361_7265_6C69_6E65  # any fixed number; this one spells the product


async def migrate(database: Database) -> None:
    """Upgrade to `HEAD`; replicas starting together wait for the one that does it.

    Raises `SettingsError` when the schema is newer than this program.
    """
    if await _revision(database) == HEAD:
        return
    await asyncio.to_thread(_upgrade, database.driver_url)


async def _revision(database: Database) -> str | None:
    statement = text("SELECT version_num FROM alembic_version")
    try:
        async with database.begin() as connection:
            revision: str | None = (await connection.execute(statement)).scalar_one_or_none()
    except sqlalchemy.exc.ProgrammingError as exc:
        if isinstance(exc.orig, psycopg.errors.UndefinedTable):
            return None
        raise
    return revision


def _upgrade(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool, connect_args=REACHING)
    with mapped_errors(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _run(connection)


def _run(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # slow to import, and rarely needed
    from alembic.config import Config  # noqa: PLC0415  # as above
    from alembic.script.revision import ResolutionError  # noqa: PLC0415  # as above
    from alembic.util import CommandError  # noqa: PLC0415  # as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as exc:
        if not isinstance(exc.__cause__, ResolutionError):
            raise
        raise SettingsError(
            [
                "database: its schema was made by a newer version of this program "
                f"(this one knows revisions up to {HEAD}): start that version, or restore a backup"
            ]
        ) from exc
