"""The labelled questions of each knowledge base, sealed: people have asked them."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.knowledge import Calibration
from bot.store.database import Database


class PostgresLabels:
    """One row a knowledge base, replaced as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._labels = database.tables["labels"]

    async def calibration(self, kb: str) -> Calibration | None:
        t = self._labels
        statement = select(t.c.fingerprint, t.c.body).where(t.c.kb == kb)
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else Calibration(fingerprint=row.fingerprint, questions=row.body)

    async def relabel(self, kb: str, calibration: Calibration) -> None:
        told = {"fingerprint": calibration.fingerprint, "body": calibration.questions}
        row = insert(self._labels).values(kb=kb, **told)
        replaced = row.on_conflict_do_update(index_elements=["kb"], set_=told)
        async with self._database.begin() as connection:
            await connection.execute(replaced)
