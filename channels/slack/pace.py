"""How fast a room may be written to: about a message a second, a few at once.

https://docs.slack.dev/apis/web-api/rate-limits: threads of a channel share its rate. Each process
keeps to it by itself; where several together are too fast, Slack says so, and the room is closed.
"""

from datetime import datetime, timedelta

from bot.domain.errors import TryLater
from bot.domain.ports import Clock

EVERY = timedelta(seconds=1)
BURST = 4
_MOST = 5_000
_PATIENCE = timedelta(seconds=30)
_FORGOTTEN = timedelta(minutes=10)


class Pace:
    """A place in the queue for each message that has to wait, so that none is overtaken for ever.

    `free` is when a room's next message may go, and lags behind the clock by an unused burst.
    """

    def __init__(self, clock: Clock, *, every: timedelta = EVERY, burst: int = BURST) -> None:
        self._clock = clock
        self._every = every
        self._behind = every * (burst - 1)
        self._free: dict[str, datetime] = {}
        self._places: dict[str, datetime] = {}
        self._patient: dict[str, datetime] = {}

    def admit(self, room: str, key: str, *, urgent: bool = True) -> None:
        """Let the message of this key go now. Raises `TryLater` until its turn has come.

        What is not urgent takes no place before others: it goes when the room is free for one more
        after it, and queues like all others once it has waited for long.
        """
        now = self._clock.now()
        place = self._places.get(key)
        if place is None and not urgent and self._yields(room, key, now):
            raise TryLater(self._every)
        if place is None:
            earliest = now - self._behind
            place = max(self._free.get(room, earliest), earliest)
            self._free[room] = place + self._every
            self._forget(now)
        if place > now:
            self._places[key] = place
            raise TryLater(place - now)
        self._places.pop(key, None)

    def _yields(self, room: str, key: str, now: datetime) -> bool:
        """Whether a message that is not urgent leaves the room to others."""
        free = self._free.get(room)
        if free is None or free + self._every <= now:
            self._patient.pop(key, None)
            return False
        since = self._patient.setdefault(key, now)
        if now - since < _PATIENCE:
            return True
        del self._patient[key]
        return False

    def close(self, room: str, after: timedelta) -> None:
        """Nothing goes to the room for a while: Slack has said so."""
        now = self._clock.now()
        self._free[room] = max(self._free.get(room, now), now + after)

    def _forget(self, now: datetime) -> None:
        """Rooms that are quiet, and places of messages that were withdrawn."""
        kept = (
            (self._free, self._behind),
            (self._places, _FORGOTTEN),
            (self._patient, _FORGOTTEN),
        )
        for known, until in kept:
            if len(known) > _MOST:
                for name in [name for name, at in known.items() if at + until < now]:
                    del known[name]
