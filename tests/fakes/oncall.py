"""Who is on call, as a test says: shifts of people by team, in a list that may change."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.contact import Person
from bot.domain.oncall import CalendarState, Duty, OnDuty, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeShift:
    """One person's stretch; None has no end. A `role` is called by its name alone."""

    person: Person
    since: datetime | None = None
    until: datetime | None = None
    role: str | None = None

    def covers(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(slots=True)
class FakeOnCall:
    """An `OnCall` over shifts by team; `everybody` is on call where nobody set up a team."""

    teams: dict[str, list[FakeShift]] = field(default_factory=dict)
    everybody: tuple[Person, ...] = ()

    def now(self, team: str, at: datetime, *, role: str | None = None) -> Duty:
        if self.teams and team not in self.teams:
            return Duty(team=team, at=at, people=())
        if not self.teams:
            people = tuple(OnDuty(person=p, source="staff") for p in self.everybody)
            return Duty(team=team, at=at, people=people)
        shifts = [s for s in self.teams[team] if s.role == role]
        here = self._people(shifts, at)
        moments = sorted(
            {m for s in shifts for m in (s.since, s.until) if m is not None and m > at}
        )
        for moment in moments:
            later = self._people(shifts, moment)
            if [on.person for on in later] != [on.person for on in here] and later:
                return Duty(team=team, at=at, people=here, then=later, changes_at=moment)
        return Duty(team=team, at=at, people=here)

    def person(self, login: str) -> Person | None:
        known = (*self.everybody, *(s.person for shifts in self.teams.values() for s in shifts))
        return next((one for one in known if one.id == login), None)

    def _people(self, shifts: list[FakeShift], at: datetime) -> tuple[OnDuty, ...]:
        return tuple(
            OnDuty(person=s.person, source="fake", since=s.since, until=s.until)
            for s in shifts
            if s.covers(at)
        )


class FakeCalendarCopies:
    """Copies of calendars in dicts."""

    def __init__(self) -> None:
        self._states: dict[str, CalendarState] = {}
        self._shifts: dict[str, tuple[Shift, ...]] = {}

    async def states(self) -> dict[str, CalendarState]:
        return dict(self._states)

    async def shifts(self, name: str) -> tuple[Shift, ...]:
        return self._shifts.get(name, ())

    async def take(self, name: str, *, now: datetime, every: timedelta) -> bool:
        known = self._states.get(name)
        if known is not None and now - every < known.tried_at <= now + every:
            return False
        self._states[name] = replace(known or CalendarState(tried_at=now), tried_at=now)
        return True

    async def keep(self, name: str, shifts: Sequence[Shift], *, now: datetime) -> None:
        self._shifts[name] = tuple(shifts)
        self._states[name] = CalendarState(tried_at=now, read_at=now)

    async def failed(self, name: str, fault: str, *, now: datetime) -> None:
        self._states[name] = replace(self._states[name], tried_at=now, fault=fault)
