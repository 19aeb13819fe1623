"""What can go wrong with a call-out, in the words of the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp

from bot.domain.errors import Refused, TryLater

AGAIN = timedelta(seconds=5)
_LONGEST_WAIT_S = 300
_OK = range(200, 300)
_TIMED_OUT, _TOO_MANY, _SERVER = 408, 429, 500


@contextmanager
def mapped_errors() -> Iterator[None]:
    """A service that cannot be reached is tried again."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise TryLater(AGAIN) from exc


def judge(status: int, retry_after: str) -> None:
    """Raises `TryLater` or `Refused` for an answer that is not a yes."""
    if status in _OK:
        return
    if status in (_TIMED_OUT, _TOO_MANY) or status >= _SERVER:
        given = int(retry_after) if retry_after.isdecimal() else 0
        raise TryLater(timedelta(seconds=min(given, _LONGEST_WAIT_S)) if given else AGAIN)
    raise Refused(f"the service answers {status}")
