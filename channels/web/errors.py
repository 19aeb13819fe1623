"""What can go wrong in the web channel, in the words of the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.domain.errors import TryLater, Unavailable

RETRY_AFTER = timedelta(seconds=2)


@contextmanager
def mapped_errors() -> Iterator[None]:
    """The web chat's platform is our own database: while it is away, a send tries later."""
    try:
        yield
    except Unavailable as exc:
        raise TryLater(RETRY_AFTER) from exc
