"""The `OnCall` port: teams from the settings, staff and calendars as they were last read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, TypeAlias

from bot.connectors.oncall.matching import Names, People
from bot.connectors.oncall.rotation import next_change, turn_at
from bot.domain.contact import Person
from bot.domain.oncall import Duty, OnDuty, Shift, Team

_AHEAD_DAYS = 62
"""How far the next change is searched in hours and rotations."""
_SOON = timedelta(days=14)
_CHANGES = 500
"""Moments that are looked at for the next change."""


class _Matched(NamedTuple):
    """A shift, its people, and what it names that is nobody of staff."""

    shift: Shift
    people: tuple[Person, ...]
    unknown: tuple[str, ...]


Near: TypeAlias = tuple[tuple[_Matched, ...], tuple[_Matched, ...]]
"""What overrides and calendars have that is worth a look."""


class Roster:
    """Who is on call. `teams` are fixed; `update` brings staff and calendars up to date."""

    def __init__(self, teams: Sequence[Team]) -> None:
        self.teams = {team.name: team for team in teams}
        self._staff: tuple[Person, ...] = ()
        self._shifts: Mapping[str, tuple[Shift, ...]] = {}
        self._names: dict[str, Names] = {}
        self._found: dict[tuple[str, str, tuple[str, ...]], People] = {}

    def update(self, staff: Sequence[Person], shifts: Mapping[str, tuple[Shift, ...]]) -> None:
        """Take over what was read; who asks meanwhile sees the one or the other, whole."""
        if (tuple(staff), dict(shifts)) != (self._staff, self._shifts):
            self._names, self._found = {}, {}
        self._staff, self._shifts = tuple(staff), dict(shifts)

    def now(self, team: str, at: datetime, *, role: str | None = None) -> Duty:
        if self.teams and team not in self.teams:  # it left the settings while it was called
            return Duty(team=team, at=at, people=())
        known = self.teams.get(team) or Team(name=team)
        near = self._near(known, at)
        people, unknown = self._at(known, at, role, near)
        ids = [on.person.id for on in people]
        near = _with_people(near)
        for moment in islice(_changes(known, at, role, near), _CHANGES):
            then, _ = self._at(known, moment, role, near)
            if [on.person.id for on in then] == ids:
                continue
            people = tuple(_until(on, moment) for on in people)
            if then or not ids:
                return Duty(
                    team=team, at=at, people=people, then=then, changes_at=moment, unknown=unknown
                )
            ids = []  # they go, and nobody follows at once: who comes after that?
        return Duty(team=team, at=at, people=people, unknown=unknown)

    def person(self, login: str) -> Person | None:
        return next((one for one in self._staff if one.id == login), None)

    def strangers(self, team: Team) -> tuple[str, ...]:
        """Ids the settings name for a team that nobody of staff has."""
        named = [*team.members, *(p for _, people in team.roles for p in people)]
        named += team.rotation.order if team.rotation else ()
        known = {person.id for person in self._staff}
        return tuple(dict.fromkeys(p for p in named if p not in known))

    def unmatched(self, team: Team, at: datetime) -> tuple[str, ...]:
        """What the calendars of a team name from now on, soon, that is nobody of staff."""
        soon = (m for layer in self._near(team, at) for m in layer if m.shift.start < at + _SOON)
        return tuple(dict.fromkeys(name for matched in soon for name in matched.unknown))

    # --- one moment ---------------------------------------------------------------------------

    def _at(
        self, team: Team, at: datetime, role: str | None, near: Near
    ) -> tuple[tuple[OnDuty, ...], tuple[str, ...]]:
        """The people at one moment, and whom the schedule names in vain."""
        if role is not None:
            return self._of_hours(team, at, self._these(dict(team.roles).get(role, ())), role), ()
        if not team.scheduled():
            return self._of_hours(team, at, self._members(team), "members"), ()
        override, strange = _on_at(near[0], at, "override")
        if override:
            return override, strange
        people, unknown = _on_at(near[1], at, "calendar")
        if not people and team.rotation is not None:
            people = self._of_rotation(team, at)
        return people, (*strange, *unknown)

    def _of_hours(
        self, team: Team, at: datetime, people: Sequence[Person], source: str
    ) -> tuple[OnDuty, ...]:
        if team.hours is not None and not team.hours.open_at(at):
            return ()
        return tuple(OnDuty(person=p, source=source) for p in people)

    def _of_rotation(self, team: Team, at: datetime) -> tuple[OnDuty, ...]:
        turn = turn_at(team.rotation, at) if team.rotation else None
        if turn is None:
            return ()
        person, since, until = turn
        return tuple(
            OnDuty(person=p, source="rotation", since=since, until=until)
            for p in self._these((person,))
        )

    def _members(self, team: Team) -> tuple[Person, ...]:
        """The people of a team: those named, else everybody who handles hand-offs."""
        if team.members:
            return self._these(team.members)
        return tuple(p for p in self._staff if "handle" in p.rights)

    def _these(self, ids: Sequence[str]) -> tuple[Person, ...]:
        known = {person.id: person for person in self._staff}
        return tuple(known[i] for i in dict.fromkeys(ids) if i in known)

    def _near(self, team: Team, at: datetime) -> Near:
        """What overrides and calendars have from now on, and not too far off."""
        last = at + timedelta(days=_AHEAD_DAYS)

        def of(names: Sequence[str]) -> tuple[_Matched, ...]:
            all_of_them = (s for name in names for s in self._shifts.get(name, ()))
            near = (s for s in all_of_them if s.end > at and s.start < last)
            return tuple(_Matched(s, *self._people_of(s, team)) for s in near)

        return of(team.overrides), of(team.calendars)

    def _people_of(self, shift: Shift, team: Team) -> People:
        """Looked for once in what a calendar says, and not at each moment that is asked for."""
        key = (team.name, shift.title, shift.attendees)
        if key not in self._found:
            if team.name not in self._names:
                self._names[team.name] = Names(self._members(team))
            self._found[key] = self._names[team.name].people_of(shift)
        return self._found[key]


def _with_people(near: Near) -> Near:
    """Without what names nobody of staff: nobody comes or goes with that."""
    overrides, calendars = near
    return tuple(m for m in overrides if m.people), tuple(m for m in calendars if m.people)


def _on_at(
    layer: Sequence[_Matched], at: datetime, source: str
) -> tuple[tuple[OnDuty, ...], tuple[str, ...]]:
    found: dict[str, OnDuty] = {}
    unknown: list[str] = []
    for shift, people, strange in layer:
        if not shift.start <= at < shift.end:
            continue
        unknown += strange
        for person in people:
            if person.id not in found:
                found[person.id] = OnDuty(
                    person=person, source=source, since=shift.start, until=shift.end
                )
    return tuple(found.values()), tuple(dict.fromkeys(unknown))


def _changes(team: Team, at: datetime, role: str | None, near: Near) -> Iterator[datetime]:
    """The moments after `at` at which the people may change, in order."""
    if role is not None or not team.scheduled():
        hours = team.hours.changes(at, _AHEAD_DAYS) if team.hours is not None else ()
        return iter(sorted(set(hours)))
    stretches = ((m.shift.start, m.shift.end) for layer in near for m in layer)
    moments = {m for stretch in stretches for m in stretch if m > at}
    return iter(sorted(moments | set(_handovers(team, at))))


def _handovers(team: Team, at: datetime) -> Iterator[datetime]:
    change = at
    while team.rotation is not None and change <= at + timedelta(days=_AHEAD_DAYS):
        change = next_change(team.rotation, change)
        yield change


def _until(on: OnDuty, moment: datetime) -> OnDuty:
    """A stretch ends where the people change, an override say, if that is before its own end."""
    until = moment if on.until is None else min(on.until, moment)
    return OnDuty(person=on.person, source=on.source, since=on.since, until=until)
