"""The tables of the settings that say who is called when: teams, hours, ladders, call-outs."""

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from bot.domain.handoff import Fallback, Ladder, Means, Rung
from bot.domain.hours import Hours, Opening, zone_of
from bot.domain.message import Address
from bot.domain.oncall import Rotation, Team

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OPEN = re.compile(r"([a-z, -]+?) +(\d{1,2}:\d\d) ?- ?(\d{1,2}:\d\d)")
_HOW = 'write days and times, as in "mon-fri 09:00-17:30" or "sat,sun 10:00-14:00"'


def _zone(name: str) -> str:
    try:
        zone_of(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("there is no such time zone; write one as Europe/Berlin") from None
    return name


def _clock(text: str) -> str:
    try:
        time.fromisoformat(text)
    except ValueError:
        raise ValueError("write a time of day, as 09:00") from None
    return text


def _opening(text: str) -> str:
    opening_of(text)
    return text


def _some(rungs: "tuple[RungSection, ...]") -> "tuple[RungSection, ...]":
    if not rungs:
        raise ValueError("a ladder needs a rung: name a team, the means and the wait in minutes")
    return rungs


def _in_turn(order: tuple[str, ...]) -> tuple[str, ...]:
    if not order:
        raise ValueError("a rotation needs at least one login")
    return order


Zone = Annotated[str, AfterValidator(_zone)]
Minutes = Annotated[float, Field(gt=0, le=60 * 24 * 30)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HoursSection(_Section):
    """Opening hours by name, for lines and teams."""

    time_zone: Zone
    open: tuple[Annotated[str, AfterValidator(_opening)], ...]
    holidays: tuple[date, ...] = ()

    def hours(self) -> Hours:
        openings = tuple(opening_of(text) for text in self.open)
        return Hours(zone=self.time_zone, openings=openings, holidays=self.holidays)


class RotationSection(_Section):
    """People who take turns."""

    order: Annotated[tuple[str, ...], AfterValidator(_in_turn)]
    start: date
    days: int = Field(default=7, ge=1, le=366)
    handover: Annotated[str, AfterValidator(_clock)] = "09:00"
    time_zone: Zone = "UTC"

    def rotation(self) -> Rotation:
        return Rotation(
            order=self.order,
            start=self.start,
            days=self.days,
            handover=time.fromisoformat(self.handover),
            zone=self.time_zone,
        )


class TeamSection(_Section):
    """One team; calendars are files or URLs, which may hold a secret."""

    members: tuple[str, ...] = ()
    roles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    calendars: tuple[SecretStr, ...] = ()
    overrides: tuple[SecretStr, ...] = ()
    rotation: RotationSection | None = None
    hours: str | None = None
    time_zone: Zone = "UTC"
    ladder: str | None = None

    def team(self, name: str, hours: Hours | None) -> Team:
        return Team(
            name=name,
            members=self.members,
            roles=tuple(self.roles.items()),
            calendars=tuple(calendar_name(c) for c in self.calendars),
            overrides=tuple(calendar_name(c) for c in self.overrides),
            rotation=self.rotation.rotation() if self.rotation else None,
            hours=hours,
        )

    def sources(self, name: str) -> list["Source"]:
        """Its calendars, each with the key of the settings that says where it is."""
        layers = (("calendars", self.calendars), ("overrides", self.overrides))
        return [
            Source(
                name=calendar_name(place),
                key=f"teams.{name}.{layer}.{number}",
                place=place.get_secret_value(),
                zone=self.time_zone,
            )
            for layer, places in layers
            for number, place in enumerate(places)
        ]


class RungSection(_Section):
    """One step of a ladder."""

    team: str
    means: Means
    wait_minutes: Minutes
    role: str | None = None
    callout: str | None = None

    def rung(self) -> Rung:
        return Rung(
            team=self.team,
            means=self.means,
            wait=timedelta(minutes=self.wait_minutes),
            role=self.role,
            callout=self.callout,
        )


class LadderSection(_Section):
    """Rungs called one after the other, and what is left when nobody came."""

    rungs: Annotated[tuple[RungSection, ...], AfterValidator(_some)]
    fallback: Fallback = "callback"

    def ladder(self) -> Ladder:
        return Ladder(rungs=tuple(r.rung() for r in self.rungs), fallback=self.fallback)


class CalloutSection(_Section):
    """An outside service that calls people, spoken to as PagerDuty's Events API v2."""

    routing_key: SecretStr
    url: str = Field(default="https://events.pagerduty.com/v2/enqueue", pattern=r"^https?://")


class OnCallSection(_Section):
    """How calendars are read, and how an SMS is sent."""

    refresh_minutes: float = Field(default=5, ge=1, le=24 * 60)
    sms: str | None = Field(default=None, pattern=r"^[a-z]+:.+$")

    def sms_from(self) -> Address | None:
        """The number that an SMS to staff comes from; its room is the one who is called."""
        channel, _, account = (self.sms or "").partition(":")
        return Address(channel=channel, account=account, room="") if channel else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a calendar is (a file or a URL, which may hold a secret), and its key in words."""

    name: str
    key: str
    place: str = field(repr=False)
    zone: str = "UTC"


def calendar_name(place: SecretStr) -> str:
    """The name under which a calendar is kept; it says nothing of where it is."""
    return sha256(place.get_secret_value().encode()).hexdigest()[:16]


def opening_of(text: str) -> Opening:
    """As in "mon-fri 09:00-17:30". Raises `ValueError`."""
    found = _OPEN.fullmatch(text.strip().casefold())
    if found is None:
        raise ValueError(_HOW)
    try:
        start, end = time.fromisoformat(_padded(found[2])), time.fromisoformat(_padded(found[3]))
    except ValueError:
        raise ValueError(_HOW) from None
    days = [day for part in found[1].split(",") for day in _days(part)]
    return Opening(days=tuple(dict.fromkeys(days)), start=start, end=end)


def _padded(clock: str) -> str:
    hour = clock.zfill(5)
    return "00:00" if hour == "24:00" else hour


def _days(part: str) -> list[int]:
    first, _, last = part.partition("-")
    if first.strip() not in _DAYS or (last.strip() or "mon") not in _DAYS:
        raise ValueError(_HOW)
    begin = _DAYS.index(first.strip())
    end = _DAYS.index(last.strip()) if last.strip() else begin
    return [(begin + n) % 7 for n in range((end - begin) % 7 + 1)]
