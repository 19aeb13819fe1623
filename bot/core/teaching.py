"""What operators do with proposals: look, approve, put aside, take back."""

from bot.domain.errors import BadRequest
from bot.domain.knowledge import Article
from bot.domain.ports import Clock, Shelf
from bot.domain.teaching import Proposal, Proposals, Wording, approved, rejected, undone

_MOST = 2000
"""Of all lines: who sees but one must not find the others' before theirs."""


class Teaching:
    """One decision, one commit. `publishes`: the caller makes it live; else others are told to."""

    def __init__(
        self, proposals: Proposals, shelf: Shelf, clock: Clock, *, publishes: bool = False
    ) -> None:
        self._proposals = proposals
        self._shelf = shelf
        self._clock = clock
        self._publishes = publishes

    async def found(self, kb: str | None = None) -> tuple[Proposal, ...]:
        return await self._proposals.found(kb, limit=_MOST)

    async def get(self, proposal: str) -> Proposal:
        """Raises `BadRequest` where there is none."""
        found = await self._proposals.get(proposal)
        if found is None:
            raise BadRequest(
                f"There is no gap {proposal}: careline gaps list names those there are."
            )
        return found

    async def articles(self, kb: str) -> tuple[Article, ...]:
        """What is live in a knowledge base; nothing where nothing is."""
        live = next((one for one in await self._shelf.live() if one.kb == kb), None)
        return await self._shelf.articles(kb, live.version) if live else ()

    async def approve(self, proposal: str, wording: Wording, *, by: str) -> Proposal:
        """Raises `BadRequest` for words that cannot go live, `Conflict` if somebody was faster."""
        found = await self.get(proposal)
        if wording.article is not None:
            known = {one.id for one in await self.articles(found.kb)}
            if wording.article not in known:
                raise BadRequest(f"There is no article {wording.article} in {found.kb}.")
        decided = approved(found, wording, by=by, at=self._clock.now())
        return await self._decide(decided, found)

    async def reject(self, proposal: str, *, by: str) -> Proposal:
        """Raises `BadRequest` and `Conflict`."""
        found = await self.get(proposal)
        return await self._decide(rejected(found, by=by, at=self._clock.now()), found)

    async def undo(self, proposal: str, *, by: str) -> Proposal:
        """Takes out exactly this one. Raises `BadRequest` and `Conflict`."""
        found = await self.get(proposal)
        return await self._decide(undone(found, by=by, at=self._clock.now()), found)

    async def _decide(self, decided: Proposal, found: Proposal) -> Proposal:
        taken = self._publishes and decided.pending
        await self._proposals.decide(decided, was=found.state, taken=taken)
        return decided
