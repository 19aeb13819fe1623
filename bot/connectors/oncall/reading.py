"""Reads a calendar in a process of its own: bytes in, shifts out. Nothing else imports a parser.

One that is large or odd costs its own process's time, and holds up nobody's answer.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component, Event

MOST_SHIFTS = 5000
MOST_REPEATS = 100_000
"""Occurrences of one entry that are looked at, from its first on."""
_TOO_OFTEN = ("SECONDLY", "MINUTELY")
_LONGEST_TITLE, _MOST_NAMES, _LONGEST_NAME = 500, 50, 320
_DAY = timedelta(days=1)


class NotACalendar(ValueError):
    """The bytes are no calendar that can be used; the message says why, without its words."""


def shifts_of(
    data: bytes, *, begin: datetime, end: datetime, zone: str
) -> tuple[list[dict[str, Any]], int]:
    """The shifts that touch a window, sorted, and how many entries could not be read.

    `zone` holds for entries that name none (all-day ones) where the calendar names none either.
    """
    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except (ValueError, IndexError, KeyError) as exc:
        raise NotACalendar("it is not an iCal calendar") from exc
    if not calendars or any(c.name != "VCALENDAR" for c in calendars):
        raise NotACalendar("it is not an iCal calendar")
    found: list[dict[str, Any]] = []
    unread = 0
    for calendar in calendars:
        here = _zone_of(calendar, zone)
        for entry in _entries(calendar):
            try:
                found += entry.within(begin, end, here)
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
                unread += 1
            if len(found) > MOST_SHIFTS:
                raise NotACalendar(f"it has more than {MOST_SHIFTS} entries in the coming months")
    return sorted(found, key=lambda s: (s["start"], s["end"], s["title"])), unread


def _zone_of(calendar: Component, given: str) -> tzinfo:
    """Google and others name the zone of a calendar so, outside of the standard."""
    named = str(calendar.get("X-WR-TIMEZONE", "")).strip()
    try:
        return ZoneInfo(named) if named else ZoneInfo(given)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(given)


class _Entry:
    """One entry with the single occurrences that were moved, changed or called off."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._instead: list[Event] = []

    def change(self, event: Event) -> None:
        self._instead.append(event)

    def within(self, begin: datetime, end: datetime, here: tzinfo) -> Iterator[dict[str, Any]]:
        """The shifts of its occurrences that touch the window."""
        changed = {_moment(e["RECURRENCE-ID"].dt, here) for e in self._instead}
        for start, stop in self._occurrences(begin, end, here):
            if start not in changed and start < end and stop > begin:
                yield from _shift(self._event, start, stop)
        for event in self._instead:
            start, stop = _stretch(event, here)
            if start < end and stop > begin:
                yield from _shift(event, start, stop)

    def _occurrences(
        self, begin: datetime, end: datetime, here: tzinfo
    ) -> Iterator[tuple[datetime, datetime]]:
        """Every occurrence, in UTC. The wall clock repeats: 09:00 stays 09:00 through the year."""
        first, last, zone = _wall(self._event, here)
        length = last - first
        starts = {first} | set(_repeats(self._event, first, zone, end))
        starts |= {_naive(moment, zone, here) for moment in _dates(self._event, "RDATE")}
        left_out = {_moment(moment, here) for moment in _dates(self._event, "EXDATE")}
        for wall in starts:
            start = wall.replace(tzinfo=zone).astimezone(UTC)
            stop = (wall + length).replace(tzinfo=zone).astimezone(UTC)
            if start not in left_out and stop > begin:
                yield start, stop


def _entries(calendar: Component) -> Iterable[_Entry]:
    """The entries of a calendar, each with its changed occurrences."""
    whole: dict[str, _Entry] = {}
    lone: list[_Entry] = []
    changes: list[Event] = []
    for number, event in enumerate(calendar.walk("VEVENT")):
        if "RECURRENCE-ID" in event:
            changes.append(event)
            continue
        whole[str(event.get("UID", number))] = _Entry(event)
    for event in changes:
        uid = str(event.get("UID", ""))
        if uid in whole:
            whole[uid].change(event)
        else:
            lone.append(_Entry(event))
    return [*whole.values(), *lone]


def _repeats(event: Event, first: datetime, zone: tzinfo, end: datetime) -> Iterator[datetime]:
    """What the rules of an entry add, on the wall clock, up to the window's end."""
    rules = event.get("RRULE")
    last = end.astimezone(zone).replace(tzinfo=None)
    for rule in rules if isinstance(rules, list) else [rules] if rules else []:
        if any(str(often).upper() in _TOO_OFTEN for often in rule.get("FREQ", ())):
            raise ValueError("it repeats all the time")
        parts = dict(rule)
        if until := parts.pop("UNTIL", None):
            until = _naive(until[0] if isinstance(until, list) else until, zone, zone, ends=True)
        text = type(rule)(parts).to_ical().decode()
        limit = min(last, until) if until is not None else last
        for number, wall in enumerate(rrulestr(text, dtstart=first)):
            if wall > limit:
                break
            if number == MOST_REPEATS:
                raise ValueError("it has repeated too often before the window comes")
            yield wall


def _wall(event: Event, here: tzinfo) -> tuple[datetime, datetime, tzinfo]:
    """Start and end of an entry on the wall clock of its own zone, and that zone."""
    start = event["DTSTART"].dt
    zone = (start.tzinfo if isinstance(start, datetime) else None) or here
    first = _naive(start, zone, here)
    if "DTEND" in event:
        return first, _naive(event["DTEND"].dt, zone, here), zone
    if "DURATION" in event:
        return first, first + event["DURATION"].dt, zone
    return first, first + (timedelta() if isinstance(start, datetime) else _DAY), zone


def _stretch(event: Event, here: tzinfo) -> tuple[datetime, datetime]:
    first, last, zone = _wall(event, here)
    return _utc(first, zone), _utc(last, zone)


def _naive(moment: date | datetime, zone: tzinfo, here: tzinfo, *, ends: bool = False) -> datetime:
    """A moment on the wall clock of a zone; a day begins there, or ends."""
    if not isinstance(moment, datetime):
        begins = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001  the wall clock
        return begins + _DAY - timedelta(seconds=1) if ends else begins
    if moment.tzinfo is None and zone is here:
        return moment
    return moment.replace(tzinfo=moment.tzinfo or here).astimezone(zone).replace(tzinfo=None)


def _moment(moment: date | datetime, here: tzinfo) -> datetime:
    zone = (moment.tzinfo if isinstance(moment, datetime) else None) or here
    return _utc(_naive(moment, zone, here), zone)


def _utc(wall: datetime, zone: tzinfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _dates(event: Event, name: str) -> Iterator[date | datetime]:
    given = event.get(name)
    for one in given if isinstance(given, list) else [given] if given else []:
        # Of a period its beginning counts.
        yield from (m.dt[0] if isinstance(m.dt, tuple) else m.dt for m in one.dts)


def _shift(event: Event, start: datetime, stop: datetime) -> Iterator[dict[str, Any]]:
    """One stretch as plain values; none of what was called off, or takes no time."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or stop <= start:
        return
    yield {
        "start": start.isoformat(),
        "end": stop.isoformat(),
        "title": str(event.get("SUMMARY", ""))[:_LONGEST_TITLE],
        "attendees": list(dict.fromkeys(islice(_attendees(event), _MOST_NAMES))),
    }


def _attendees(event: Event) -> Iterator[str]:
    """Addresses and names of those who are to come, without rooms and who has declined."""
    given = event.get("ATTENDEE")
    for one in given if isinstance(given, list) else [given] if given else []:
        params = {key.upper(): str(value) for key, value in getattr(one, "params", {}).items()}
        if params.get("PARTSTAT", "").upper() == "DECLINED":
            continue
        if params.get("CUTYPE", "").upper() in ("ROOM", "RESOURCE"):
            continue
        address = str(one).strip()
        scheme, _, rest = address.partition(":")
        yield (rest.strip() if scheme.casefold() == "mailto" else address)[:_LONGEST_NAME]
        if name := params.get("CN", "").strip():
            yield name[:_LONGEST_NAME]


def main() -> None:
    """A line of JSON with the window, then the calendar; the answer is a line of JSON."""
    asked = json.loads(sys.stdin.buffer.readline())
    begin, end = (datetime.fromisoformat(asked[key]) for key in ("begin", "end"))
    answer: dict[str, Any]
    try:
        found, unread = shifts_of(
            sys.stdin.buffer.read(), begin=begin, end=end, zone=str(asked["zone"])
        )
        answer = {"shifts": found, "unread": unread}
    except NotACalendar as exc:
        answer = {"fault": str(exc)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
