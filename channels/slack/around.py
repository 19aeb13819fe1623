"""What the product tells the channel: its rooms, people and conversations."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.files import Files
from bot.domain.front import Front
from bot.domain.installs import Installs
from bot.domain.message import Address
from channels.slack.modals import Suggested
from channels.slack.posting import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Asked while events come in and messages go out; what is awaited raises `Unavailable`.

    `staffs` tells staff rooms, `knows` whether a thread is one we talk in, `people` who of staff
    a card is to call, `last` when an event was last kept, by any process, `holds` whether a
    conversation is still at a version, `front` what is shown to whoever opens the app, `files`
    where files are kept, `suggested` the reply that is suggested in a hand-off,
    `installs` other workspaces, `serves` whether a line has one.
    """

    staffs: Callable[[Address], bool]
    knows: Callable[[Address], Awaitable[bool]]
    people: People
    last: Callable[[], Awaitable[datetime | None]]
    holds: Callable[[str, int], Awaitable[bool]]
    front: Front
    files: Files
    suggested: Suggested
    installs: Installs
    serves: Callable[[Address], bool]
