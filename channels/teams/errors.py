"""What can go wrong with the connector, in the words of the domain.

A POST has no idempotency key. What the connector refused is tried again where its answer says so;
where no answer came at all the message may be in the room, and is not sent a second time.
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp

from bot.domain.errors import Refused, TryLater

AGAIN = timedelta(seconds=2)
_LONGEST_WAIT_S = 300
_FORBIDDEN, _GONE, _PRECONDITION, _TOO_LARGE, _TOO_MANY, _SERVER = 403, 404, 412, 413, 429, 500
_UNSURE = "Teams did not answer in time: the message may have arrived, or not"
_LOOK = "Look into the conversation in Teams before sending it again."
_REMOVED = "Teams does not let the app write there: it was removed, or blocked"
_INSTALL = "Install the app again for that person or team, or reach them another way."


@contextmanager
def mapped_errors(*, repeatable: bool) -> Iterator[None]:
    """`repeatable`: doing it twice is doing it once."""
    try:
        yield
    except aiohttp.ClientConnectorError as exc:
        raise TryLater(AGAIN) from exc  # nothing has left this machine
    except (aiohttp.ClientError, TimeoutError, OSError) as exc:
        if repeatable:
            raise TryLater(AGAIN) from exc
        raise Refused(_UNSURE, remedy=_LOOK) from exc


def judge(status: int, retry_after: str) -> None:
    """Raises `TryLater` or `Refused` for an answer that is not a yes."""
    if status < 300:  # noqa: PLR2004  the yes of HTTP
        return
    if status in (_PRECONDITION, _TOO_MANY) or status >= _SERVER:
        given = int(retry_after) if retry_after.isdecimal() else 0
        raise TryLater(timedelta(seconds=min(given, _LONGEST_WAIT_S)) if given else AGAIN)
    if status in (_FORBIDDEN, _GONE):
        raise Refused(_REMOVED, remedy=_INSTALL)
    if status == _TOO_LARGE:
        raise Refused("the message is larger than Teams takes", remedy="Send it in parts.")
    raise Refused(f"Teams answers {status}")
