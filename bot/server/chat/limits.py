"""Token buckets: how often a visitor or an address may ask, in bounded memory."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import TooMany
from bot.domain.ports import Clock

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many at once, and so many a second after that."""

    burst: int
    per_second: float


class Limiter:
    """One bucket per key, refilled by the clock; the longest unused is forgotten first."""

    def __init__(self, rate: Rate, clock: Clock, *, most: int = MOST_BUCKETS) -> None:
        self._rate = rate
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def take(self, key: str) -> None:
        """Take one token. Raises `TooMany`, saying when the next one is there."""
        now = self._clock.now()
        tokens = self._filled(key, now)
        enough = tokens >= 1
        self._buckets[key] = (tokens - 1 if enough else tokens, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if not enough:
            raise TooMany(timedelta(seconds=(1 - tokens) / self._rate.per_second))

    def __len__(self) -> int:
        return len(self._buckets)

    def _filled(self, key: str, now: datetime) -> float:
        tokens, at = self._buckets.get(key, (float(self._rate.burst), now))
        # A clock that was set back refills nothing, and takes nothing away.
        gained = max(0.0, (now - at).total_seconds()) * self._rate.per_second
        return min(float(self._rate.burst), tokens + gained)
