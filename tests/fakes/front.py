"""A front page in memory."""

from dataclasses import dataclass, field

from bot.domain.errors import Unavailable
from bot.domain.front import FrontPage
from bot.domain.message import Address


@dataclass
class FakeFront:
    """A `Front` with one page for every place; `away` makes it raise as a lost database would."""

    shown: FrontPage | None = None
    away: bool = False
    asked: list[tuple[Address, str]] = field(default_factory=list)

    async def page(self, place: Address, handle: str) -> FrontPage | None:
        self._reach()
        self.asked.append((place, handle))
        return self.shown

    async def prompts(self, place: Address) -> tuple[str, ...]:  # noqa: ARG002  the port's name
        self._reach()
        return self.shown.prompts if self.shown else ()

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("the database is away")
