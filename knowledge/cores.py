"""How many processors a computation may keep busy."""

import math
import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
# A batch of short texts gains nothing from more.
MOST = 8


def usable(quota: Path = _QUOTA) -> int:
    """What the affinity allows, and the quota of a container, of which torch knows nothing.

    More threads than that wait for each other for most of the time.
    """
    try:
        free = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS has no affinity
        free = os.cpu_count() or 1
    return max(1, min(free, _allowed(quota), MOST))


def _allowed(quota: Path) -> int:
    """The file holds microseconds of processor time for each period: "200000 100000"."""
    try:
        granted, period = quota.read_text(encoding="ascii").split()
        return math.ceil(int(granted) / int(period))
    except (OSError, ValueError, ZeroDivisionError):  # no such group, or "max"
        return MOST
