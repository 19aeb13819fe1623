"""What the product tells the channel: its lines, what is kept, and where files are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.files import Files
from bot.domain.message import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Asked while messages come in and go out; what is awaited raises `Unavailable`.

    `serves` tells whether a line has an address, `said_last` the SID of the newest message of a
    room, `files` where files are kept, `link` where Twilio may fetch one of them, `kept_last` when
    a message was last kept, by any process.
    """

    serves: Callable[[Address], bool]
    said_last: Callable[[Address], Awaitable[str | None]]
    files: Files
    link: Callable[[str], str]
    kept_last: Callable[[], Awaitable[datetime | None]]
