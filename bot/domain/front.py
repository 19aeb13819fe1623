"""What the product tells of itself: what to ask, what is open, who is on call."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.desk import HandoffRow
from bot.domain.message import Address
from bot.domain.oncall import Duty

MOST_PROMPTS = 4
"""Questions that are suggested; what Slack shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """A line as one of its people sees it.

    `requests` are theirs that a person holds or that wait for one, `prompts` questions it answers,
    `duty` who is on call in its team.
    """

    title: str
    prompts: tuple[str, ...]
    requests: tuple[HandoffRow, ...]
    duty: Duty


class Front(Protocol):
    """Given to channels that have a place to show it."""

    async def page(self, place: Address, handle: str) -> FrontPage | None:
        """The page of the line that `place` belongs to; None where no line does.

        Raises `Unavailable`.
        """
        ...

    async def prompts(self, place: Address) -> tuple[str, ...]:
        """The questions alone. Raises `Unavailable`."""
        ...
