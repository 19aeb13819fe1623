"""Proposals for knowledge bases in PostgreSQL, sealed: people's words are in them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Conflict
from bot.domain.teaching import Proposal, ProposalState
from bot.store.database import Database

HANDOFF = "handoff:"
"""Begins the source of what was found in a hand-off."""
_BY_PEOPLE = ("resolved", "handed_back", "customer_ended")


class PostgresProposals:
    """One row a proposal, one row a source that has been looked through."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._t = database.tables

    async def unread(self, *, since: datetime, limit: int) -> tuple[str, ...]:
        h, seen = self._t["handoffs"], self._t["proposal_sources"]
        read = select(seen.c.source).where(seen.c.source == literal(HANDOFF) + h.c.id).exists()
        statement = (
            select(h.c.id)
            # As a literal, so that the index on what has ended serves.
            .where(h.c.state == literal("ended", literal_execute=True), h.c.ended_at > since)
            .where(h.c.outcome.in_(_BY_PEOPLE), h.c.claimed_by.is_not(None), ~read)
            .order_by(h.c.ended_at)
            .limit(limit)
        )
        async with self._database.begin() as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def propose(self, source: str, proposals: Sequence[Proposal], *, at: datetime) -> bool:
        seen = insert(self._t["proposal_sources"]).values(source=source, at=at)
        new = seen.on_conflict_do_nothing().returning(self._t["proposal_sources"].c.source)
        async with self._database.begin() as connection:
            if (await connection.execute(new)).scalar_one_or_none() is None:
                return False
            if proposals:
                rows = [_row(one) for one in proposals]
                await connection.execute(insert(self._t["proposals"]), rows)
        return True

    async def found(self, kb: str | None = None, *, limit: int = 200) -> tuple[Proposal, ...]:
        p = self._t["proposals"]
        order = (p.c.state != "open", p.c.proposed_at.desc(), p.c.id)
        statement = select(p.c.body).order_by(*order).limit(limit)
        if kb is not None:
            statement = statement.where(p.c.kb == kb)
        async with self._database.begin() as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def get(self, proposal: str) -> Proposal | None:
        p = self._t["proposals"]
        statement = select(p.c.body).where(p.c.id == proposal)
        async with self._database.begin() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def decide(self, proposal: Proposal, *, was: ProposalState, taken: bool = False) -> None:
        p = self._t["proposals"]
        at = proposal.undone_at or proposal.decided_at
        changed = (
            update(p)
            .where(p.c.id == proposal.id, p.c.state == was)
            .values(_row(proposal) | {"taken_at": at if taken else None})
            .returning(func.pg_notify("careline_gaps", "" if taken else proposal.kb))
        )
        async with self._database.begin() as connection:
            if (await connection.execute(changed)).first() is None:
                raise Conflict("Somebody else has decided on this meanwhile.")


def _row(one: Proposal) -> dict[str, object]:
    return {
        "id": one.id,
        "kb": one.kb,
        "state": one.state,
        "proposed_at": one.proposed_at,
        "pending": one.pending,
        "body": one,
    }
