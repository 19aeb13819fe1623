"""How fast a thread may be written to: what Teams allows one app there, over four spans of time.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: each process keeps to it
by itself; where several together are too fast, Teams says so, and the message waits.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.domain.errors import TryLater
from bot.domain.ports import Clock

LIMITS = (
    (timedelta(seconds=1), 7),
    (timedelta(seconds=2), 8),
    (timedelta(seconds=30), 60),
    (timedelta(hours=1), 1800),
)
_MOST_OF_ONE = max(most for _, most in LIMITS)
_MOST = 5_000
"""Threads whose messages are counted; the one that is quiet for longest is forgotten first."""


class Pace:
    """When what was written in each thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._written: OrderedDict[str, deque[datetime]] = OrderedDict()

    def admit(self, talk: str) -> None:
        """Count one message there. Raises `TryLater` while it would be one too many."""
        now = self._clock.now()
        written = self._written.setdefault(talk, deque(maxlen=_MOST_OF_ONE))
        self._written.move_to_end(talk)
        if len(self._written) > _MOST:
            self._written.popitem(last=False)
        waits = [
            written[-most] + span - now
            for span, most in LIMITS
            if len(written) >= most and written[-most] + span > now
        ]
        if waits:
            raise TryLater(max(waits))
        written.append(now)
