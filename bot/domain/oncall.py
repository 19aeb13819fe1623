"""Who is on call: teams, shifts and rotations, and the port that tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from bot.domain.contact import Person
from bot.domain.hours import Hours, zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One stretch of a calendar, in UTC: `end` is the first moment after it.

    `attendees` are e-mail addresses and names as the calendar has them, `title` its words.
    """

    start: datetime
    end: datetime
    title: str = ""
    attendees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """People who take turns: each for `days`, handing over when the clock on the wall says so.

    `order` are ids of people. Nobody is on before the hand-over time of the `start` day.
    """

    order: tuple[str, ...]
    start: date
    days: int = 7
    handover: time = time(9)
    zone: str = "UTC"

    def __post_init__(self) -> None:
        zone_of(self.zone)  # read now, and not while somebody waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who are called together.

    Without `members` it is everybody who may handle hand-offs. Who is on call says an override
    calendar, else the calendars, else the rotation; a team with none of these is on call in its
    hours, all of it. `roles` are (name, ids of people): they are called in the team's hours.
    Calendars are named as `CalendarCopies` names them.
    """

    name: str
    members: tuple[str, ...] = ()
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()
    calendars: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    rotation: Rotation | None = None
    hours: Hours | None = None

    def scheduled(self) -> bool:
        """Whether a schedule says who is on call."""
        return bool(self.calendars or self.overrides or self.rotation)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """One person on call: since and until when (None where there is no end), and who says so."""

    person: Person
    source: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who is on call in a team at a moment; nobody is an answer too.

    `then` are those who follow, from `changes_at` on (the next time that the people change to
    anybody). `unknown` is what the schedule names at this moment and nobody of staff is.
    """

    team: str
    at: datetime
    people: tuple[OnDuty, ...] = ()
    then: tuple[OnDuty, ...] = ()
    changes_at: datetime | None = None
    unknown: tuple[str, ...] = ()

    def back_at(self) -> datetime | None:
        """When somebody is there: at once, or when the next ones come; None if nobody knows."""
        return self.at if self.people else self.changes_at


class OnCall(Protocol):
    """Who is on call. It answers from memory: nobody waits for a calendar."""

    def now(self, team: str, at: datetime, *, role: str | None = None) -> Duty:
        """Who is on call in a team, or has a role in it. Without teams it is everybody.

        A team that has left the settings is nobody.
        """
        ...

    def person(self, login: str) -> Person | None:
        """One of staff, on call or not, with the addresses they have; None for a stranger."""
        ...


# --- calendars ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarState:
    """How reading a calendar went: when it was tried and last read well, and what is wrong."""

    tried_at: datetime
    read_at: datetime | None = None
    fault: str | None = None


class CalendarCopies(Protocol):
    """The last good copy of each calendar, shared by all processes."""

    async def states(self) -> Mapping[str, CalendarState]:
        """How each calendar is, by name."""
        ...

    async def shifts(self, name: str) -> tuple[Shift, ...]:
        """The last good copy; empty where there is none."""
        ...

    async def take(self, name: str, *, now: datetime, every: timedelta) -> bool:
        """Whether the caller shall read it now: one process, once in `every`."""
        ...

    async def keep(self, name: str, shifts: Sequence[Shift], *, now: datetime) -> None:
        """Put a good copy in the place of the one before."""
        ...

    async def failed(self, name: str, fault: str, *, now: datetime) -> None:
        """Say what is wrong with it; the copy before stays."""
        ...
