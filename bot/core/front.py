"""The `Front`: what somebody may ask of a line, what they have open there, and who is on call."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.lines import Lines, NoLine
from bot.domain.desk import Board
from bot.domain.front import MOST_PROMPTS, FrontPage
from bot.domain.line import Line
from bot.domain.message import Address
from bot.domain.oncall import OnCall
from bot.domain.ports import Clock, Shelf

_LONGEST = 75
"""Characters of a suggested question: what a button holds."""
_FRESH = timedelta(minutes=1)


class LineFront:
    """Reads what is shown; `fresh` brings who is on call up to date, at most once a minute."""

    def __init__(
        self,
        *,
        lines: Lines,
        board: Board,
        shelf: Shelf,
        oncall: OnCall,
        clock: Clock,
        fresh: Callable[[], Awaitable[None]],
    ) -> None:
        self._lines = lines
        self._board = board
        self._shelf = shelf
        self._oncall = oncall
        self._clock = clock
        self._fresh = fresh
        self._due = clock.now()

    async def page(self, place: Address, handle: str) -> FrontPage | None:
        line = self._line(place)
        if line is None:
            return None
        now = self._clock.now()
        if now >= self._due:
            await self._fresh()
            self._due = now + _FRESH
        return FrontPage(
            title=line.title,
            prompts=await self._of(line),
            requests=await self._board.asked_by(line.name, place, handle),
            duty=self._oncall.now(line.team, now),
        )

    async def prompts(self, place: Address) -> tuple[str, ...]:
        line = self._line(place)
        return await self._of(line) if line else ()

    def _line(self, place: Address) -> Line | None:
        try:
            return self._lines.of(place)
        except NoLine:
            return None

    async def _of(self, line: Line) -> tuple[str, ...]:
        """What the settings suggest, else questions of articles that anybody there may read."""
        if line.prompts:
            return line.prompts[:MOST_PROMPTS]
        known = await self._shelf.questions(line.kb, line.name)
        return tuple(one for one in known if len(one) <= _LONGEST)[:MOST_PROMPTS]
