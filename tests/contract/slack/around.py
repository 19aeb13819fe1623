"""Surroundings of a channel under test: nobody of staff, no talk known."""

from typing import Any

from bot.domain.message import Address
from channels.slack.around import Around
from tests.fakes.files import FakeFiles
from tests.fakes.front import FakeFront
from tests.fakes.installs import FakeInstalls


def around(**changes: Any) -> Around:
    """With what a test says otherwise."""

    async def knows(_address: Address) -> bool:
        return False

    async def nobody() -> tuple[()]:
        return ()

    async def never() -> None:
        return None

    async def holds(_conversation: str, _version: int) -> bool:
        return True

    async def suggested(_handoff: str, _assist: str) -> None:
        return None

    given: dict[str, Any] = {
        "staffs": lambda _address: False,
        "knows": knows,
        "people": nobody,
        "last": never,
        "holds": holds,
        "front": FakeFront(),
        "files": FakeFiles(),
        "suggested": suggested,
        "installs": FakeInstalls(),
        "serves": lambda _address: True,
    }
    return Around(**given | changes)
