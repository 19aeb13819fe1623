"""Proposals in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.errors import Conflict
from bot.domain.teaching import Proposal, ProposalState

PATIENCE = timedelta(minutes=2)


class FakeProposals:
    """`Proposals` and `Lessons` over one dictionary. `ended` are hand-offs that people ended."""

    def __init__(self) -> None:
        self.rows: dict[str, Proposal] = {}
        self.sources: set[str] = set()
        self.ended: dict[str, datetime] = {}
        self.told: list[str] = []
        self._taken: dict[str, datetime] = {}

    async def unread(self, *, since: datetime, limit: int) -> tuple[str, ...]:
        ended = sorted(self.ended.items(), key=lambda pair: pair[1])
        new = [one for one, at in ended if at > since and f"handoff:{one}" not in self.sources]
        return tuple(new[:limit])

    async def propose(
        self,
        source: str,
        proposals: Sequence[Proposal],
        *,
        at: datetime,  # noqa: ARG002  as the port has it
    ) -> bool:
        if source in self.sources:
            return False
        self.sources.add(source)
        self.rows |= {one.id: one for one in proposals}
        return True

    async def found(self, kb: str | None = None, *, limit: int = 200) -> tuple[Proposal, ...]:
        rows = sorted(self.rows.values(), key=lambda one: one.id)
        rows.sort(key=lambda one: one.proposed_at, reverse=True)
        rows.sort(key=lambda one: one.state != "open")
        return tuple(one for one in rows if kb in (None, one.kb))[:limit]

    async def get(self, proposal: str) -> Proposal | None:
        return self.rows.get(proposal)

    async def decide(self, proposal: Proposal, *, was: ProposalState, taken: bool = False) -> None:
        if proposal.id not in self.rows or self.rows[proposal.id].state != was:
            raise Conflict("Somebody else has decided on this meanwhile.")
        self.rows[proposal.id] = proposal
        self._taken.pop(proposal.id, None)
        at = proposal.undone_at or proposal.decided_at
        if taken and at:
            self._taken[proposal.id] = at
        else:
            self.told.append(proposal.kb)

    async def decided(self, kb: str) -> tuple[Proposal, ...]:
        rows = (one for one in self.rows.values() if one.kb == kb)
        counts = [one for one in rows if one.state == "approved" or one.pending]
        return tuple(sorted(counts, key=lambda one: (str(one.decided_at), one.id)))

    async def published(self, proposals: Sequence[Proposal], version: int) -> None:
        for one in proposals:
            held = self.rows[one.id]
            if held.pending and held.state == one.state:
                self.rows[one.id] = one.settled(version)

    async def take_waiting(self, now: datetime) -> tuple[str, ...]:
        def free(one: Proposal) -> bool:
            at = self._taken.get(one.id)
            return one.pending and (at is None or at < now - PATIENCE)

        taken = [one for one in self.rows.values() if free(one)]
        self._taken |= {one.id: now for one in taken}
        return tuple(sorted({one.kb for one in taken}))
