"""What conversations came to, in memory."""

from dataclasses import replace

from bot.domain.results import Ending, Rating, Result, Score
from tests.fakes.world import World


class FakeResults:
    def __init__(self, world: World) -> None:
        self._world = world

    async def keep(self, result: Result) -> None:
        self._world.require(result.conversation)
        if isinstance(result, Ending):
            self._world.endings.setdefault(result.conversation, result)
            return
        if isinstance(result, Score):
            self._world.scores.setdefault((result.conversation, result.party), result)
            return
        first = self._world.ratings.setdefault(result.handoff, result)
        if first.comment is None and result.comment is not None:
            self._world.ratings[result.handoff] = replace(first, comment=result.comment)

    async def rating(self, handoff: str) -> Rating | None:
        return self._world.ratings.get(handoff)
