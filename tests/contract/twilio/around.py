"""What the product tells the channel, in tests: every number is a line's, files are in memory."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.message import Address
from channels.twilio.around import Around
from tests.fakes.files import FakeFiles


def around(
    *,
    serves: Callable[[Address], bool] = lambda _address: True,
    files: FakeFiles | None = None,
    said_last: str | None = None,
    kept_last: datetime | None = None,
) -> Around:
    async def newest(_address: Address) -> str | None:
        return said_last

    async def last() -> datetime | None:
        return kept_last

    return Around(
        serves=serves,
        said_last=newest,
        files=files or FakeFiles(),
        link=lambda file: f"https://care.example/twilio/files/{file}",
        kept_last=last,
    )
