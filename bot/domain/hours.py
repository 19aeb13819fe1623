"""When people work: opening hours of a week in a time zone, and the days on which nobody does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_AHEAD = 400
"""Days that are searched for the next opening."""


@cache
def zone_of(name: str) -> ZoneInfo:
    """A time zone, read from disk once. Raises `KeyError`, `ValueError` or `OSError`."""
    return ZoneInfo(name)


zone_of("UTC")  # where nobody names a zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One stretch on some days of the week (0 = Monday).

    An end that is not after its start is on the next day: "22:00-06:00", or "00:00-00:00" for all
    of a day.
    """

    days: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours. A stretch that begins on a holiday falls out, to its end."""

    zone: str
    openings: tuple[Opening, ...]
    holidays: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        zone_of(self.zone)  # read now, and not while somebody waits

    def open_at(self, at: datetime) -> bool:
        """Whether somebody works at this moment."""
        return any(start <= at < end for start, end in self._stretches(at, 1))

    def opens(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which somebody works; None if none comes."""
        for start, end in self._stretches(at, _AHEAD):
            if end > at:
                return max(start, at)
        return None

    def changes(self, at: datetime, days: int) -> Iterator[datetime]:
        """Openings and closings after `at`, within some days; in no order."""
        for stretch in self._stretches(at, days):
            yield from (moment for moment in stretch if moment > at)

    def local(self, at: datetime) -> datetime:
        """A moment as the clock on the wall shows it."""
        return at.astimezone(zone_of(self.zone))

    def _stretches(self, at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The stretches, in UTC, that begin between the day before `at` and some days later."""
        first = self.local(at).date() - _DAY
        for day in (first + n * _DAY for n in range(days + 2)):
            if day in self.holidays:
                continue
            found = [o for o in self.openings if day.weekday() in o.days]
            for opening in sorted(found, key=lambda o: o.start):
                last = day if opening.end > opening.start else day + _DAY
                yield moment(day, opening.start, self.zone), moment(last, opening.end, self.zone)


def moment(day: date, at: time, zone: str) -> datetime:
    """The UTC moment at which a wall clock shows this; the first where it shows it twice."""
    return datetime.combine(day, at, zone_of(zone)).astimezone(UTC)
