"""Counts sign-in attempts, so that guessing a password takes too long."""

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.domain.errors import TooMany
from bot.domain.ports import Clock

_HOMES = 4096


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
    """The limits on signing in: of an address, of a login from one address, and of a login.

    An attempt counts before it is checked, so that many at once gain nothing. A success takes its
    own attempt back, and clears the login's count from there, but never the address's.

    A known login must not be kept out by somebody elsewhere with a few bad guesses: the limit of a
    login over all addresses is far slower, and does not hold where its person has signed in from.
    """

    def __init__(self, clock: Clock) -> None:
        self._remotes = Attempts(clock, limit=20, window=timedelta(minutes=1))
        self._pairs = Attempts(clock, limit=8, window=timedelta(minutes=5))
        self._logins = Attempts(clock, limit=200, window=timedelta(hours=1))
        self._at_home: OrderedDict[tuple[str, str], None] = OrderedDict()

    def enter(self, remote: str, login: str | None) -> None:
        """Raises `TooMany`."""
        self._remotes.take(remote)
        if login is not None:
            name = login.casefold()
            self._pairs.take(_pair(remote, name))
            if (name, remote) not in self._at_home:
                self._logins.take(name)

    def succeeded(self, remote: str, login: str | None) -> None:
        self._remotes.give_back(remote)
        if login is not None:
            name = login.casefold()
            self._pairs.forget(_pair(remote, name))
            if (name, remote) not in self._at_home:
                self._logins.give_back(name)
            self._remember(name, remote)

    def _remember(self, name: str, remote: str) -> None:
        self._at_home[name, remote] = None
        self._at_home.move_to_end((name, remote))
        if len(self._at_home) > _HOMES:
            self._at_home.popitem(last=False)


def _pair(remote: str, name: str) -> str:
    return f"{remote} {name}"
