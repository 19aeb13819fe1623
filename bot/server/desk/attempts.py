"""Counts sign-in attempts, so that guessing a password takes too long."""

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.domain.errors import TooMany
from bot.domain.ports import Clock


class Attempts:
    """At most `limit` attempts per key in any `window`.

    Holds `size` keys and no more: the least recently used key is forgotten first.
    """

    def __init__(self, clock: Clock, *, limit: int, window: timedelta, size: int = 4096) -> None:
        self._clock = clock
        self._limit = limit
        self._window = window
        self._size = size
        self._taken: OrderedDict[str, list[datetime]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count an attempt. Raises `TooMany` and counts nothing when there is none left."""
        now = self._clock.now()
        since = now - self._window
        recent = [at for at in self._taken.pop(key, []) if at > since]
        self._taken[key] = recent
        if len(recent) >= self._limit:
            raise TooMany(recent[0] + self._window - now)
        recent.append(now)
        if len(self._taken) > self._size:
            self._taken.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Uncount the latest attempt: it succeeded."""
        recent = self._taken.get(key)
        if recent:
            recent.pop()
        if not recent:
            self._taken.pop(key, None)

    def forget(self, key: str) -> None:
        """Uncount all attempts of a key."""
        self._taken.pop(key, None)

    def __len__(self) -> int:
        return len(self._taken)


class SignInGuard:
    """The two limits on signing in: per remote address, and per login.

    An attempt counts before it is checked, so that many at once gain nothing. A success takes its
    own attempt back, and clears the login's count but never the address's.
    """

    def __init__(self, clock: Clock) -> None:
        self._remotes = Attempts(clock, limit=20, window=timedelta(minutes=1))
        self._logins = Attempts(clock, limit=8, window=timedelta(minutes=5))

    def enter(self, remote: str, login: str | None) -> None:
        """Raises `TooMany`."""
        self._remotes.take(remote)
        if login is not None:
            self._logins.take(login.casefold())

    def succeeded(self, remote: str, login: str | None) -> None:
        self._remotes.give_back(remote)
        if login is not None:
            self._logins.forget(login.casefold())
