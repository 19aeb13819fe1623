"""How steadily this process's own heart beats: one that was cut off must not judge others."""

from collections.abc import Callable
from time import monotonic

from bot.store.processes import PATIENCE_S

_GAP_S = 2.5
"""Beats come each second; a longer gap means a frozen process or a database that was away."""


class Pulse:
    """After an outage every heart looks stopped until it has beaten again.

    So a process takes work over from others only when its own heart has beaten without a gap
    for as long as another's may be silent.
    """

    def __init__(self, timer: Callable[[], float] = monotonic) -> None:
        self._timer = timer
        self._last: float | None = None
        self._since = 0.0

    def beat(self) -> None:
        """A heartbeat has been written."""
        now = self._timer()
        if self._last is None or now - self._last > _GAP_S:
            self._since = now
        self._last = now

    def steady(self) -> bool:
        """Whether this process may take others for dead."""
        if self._last is None:
            return False
        now = self._timer()
        return now - self._last <= _GAP_S and now - self._since >= PATIENCE_S
