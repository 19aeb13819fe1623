"""`careline oncall`: who is on call in each team, until when, who says so, and who is next."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.context import fail, run, settings_of
from bot.connectors.oncall.fetching import AHEAD, BACK
from bot.connectors.oncall.refreshing import ailing
from bot.domain.errors import BadRequest
from bot.domain.oncall import Duty, OnDuty, Team
from bot.oncall import open_oncall
from bot.settings import Settings, calendars_of, teams_of
from bot.storage import open_storage

_NOT_A_TIME = "--at: write a time as 2026-12-24T18:00 (the team's time zone) or with an offset"
_YEARS = range(1970, 3000)
"""Near the ends of the calendar no zone can be told, nor who comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one team, in its time zone."""

    team: Team
    zone: str
    duty: Duty
    roles: dict[str, Duty]
    strangers: tuple[str, ...]
    unmatched: tuple[str, ...]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(help="Who is on call in each team, until when, and who is next.")(oncall)


def oncall(
    context: typer.Context,
    at: Annotated[str | None, typer.Option(help="Another moment than now.")] = None,
    team: Annotated[str | None, typer.Option(help="One team alone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    settings = settings_of(context)
    if team is not None and team not in settings.teams:
        known = ", ".join(settings.teams) or "none is set up"
        fail(BadRequest(f"--team: there is no team {team}; teams: {known}"))
    moment = _moment(at)
    told, faults = run(partial(_look, settings, team, moment))
    if as_json:
        typer.echo(json.dumps({"teams": [_json(t) for t in told], "faults": faults}))
        return
    if not settings.teams:
        typer.echo("No team is set up: hand-offs wait in the staff room and on the desk.")
    for one in told:
        for sentence in _sentences(one):
            typer.echo(sentence)
    for fault in faults:
        typer.echo(f"! {fault}")


def _moment(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        fail(BadRequest(_NOT_A_TIME))
    if moment.year not in _YEARS:
        fail(BadRequest(f"--at: write a year from {_YEARS[0]} to {_YEARS[-1]}"))
    return moment


async def _look(
    settings: Settings, team: str | None, at: datetime | None
) -> tuple[list[Told], list[str]]:
    """What the roster says; calendars that nobody has read lately are read first."""
    async with open_storage(settings) as storage:
        oncall = open_oncall(storage)
        await oncall()
        sources = calendars_of(settings)
        faults = ailing(sources, await storage.calendars.states() if sources else {})
        now = storage.clock.now()
    faults += _too_far(at, now) if sources else []
    told = []
    for one in teams_of(settings):
        if team not in (None, one.name):
            continue
        zone = _zone(settings, one)
        moment = now if at is None else at.replace(tzinfo=at.tzinfo or ZoneInfo(zone))
        roster = oncall.roster
        roles = {role: roster.now(one.name, moment, role=role) for role, _ in one.roles}
        duty = roster.now(one.name, moment)
        strangers = roster.strangers(one)
        told.append(
            Told(
                team=one,
                zone=zone,
                duty=duty,
                roles=roles,
                strangers=strangers,
                unmatched=roster.unmatched(one, moment),
            )
        )
    return told, faults


def _too_far(at: datetime | None, now: datetime) -> list[str]:
    """Whether calendars can say nothing of a moment."""
    if at is None or now - BACK <= at.replace(tzinfo=at.tzinfo or UTC) <= now + AHEAD:
        return []
    first, last = now - BACK, now + AHEAD
    return [f"--at: calendars are kept from {first:%Y-%m-%d} to {last:%Y-%m-%d} only"]


def _zone(settings: Settings, team: Team) -> str:
    """The zone in which a team's times are told."""
    if team.hours is not None:
        return team.hours.zone
    return team.rotation.zone if team.rotation else settings.teams[team.name].time_zone


def _sentences(told: Told) -> list[str]:
    said = [f"{told.team.name}: {_who(told.duty, told.zone)}"]
    said += [f"  {role}: {_who(duty, told.zone)}" for role, duty in told.roles.items()]
    said += [f"! {told.team.name}: nobody of staff has the login {p}" for p in told.strangers]
    said += [
        f"! {told.team.name}: a calendar names {name}, and nobody of its people has that address "
        "or name: careline staff add --email, or --alias"
        for name in told.unmatched
    ]
    return said


def _who(duty: Duty, zone: str) -> str:
    here = ", ".join(_person(on, zone) for on in duty.people) or "nobody"
    if duty.changes_at is None:
        return here
    then = ", ".join(on.person.name for on in duty.then) or "nobody"
    return f"{here}; from {_time(duty.changes_at, zone)} {then}"


def _person(on: OnDuty, zone: str) -> str:
    until = f" until {_time(on.until, zone)}" if on.until else ""
    return f"{on.person.name}{until} ({on.source})"


def _time(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M} {zone}"


def _json(told: Told) -> dict[str, Any]:
    return {
        "team": told.team.name,
        "at": told.duty.at.isoformat(),
        **_duty(told.duty),
        "roles": {role: _duty(duty) for role, duty in told.roles.items()},
        "strangers": list(told.strangers),
        "unmatched": list(told.unmatched),
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "people": [_on(on) for on in duty.people],
        "next": {
            "at": duty.changes_at.isoformat() if duty.changes_at else None,
            "people": [_on(on) for on in duty.then],
        },
        "unknown": list(duty.unknown),
    }


def _on(on: OnDuty) -> dict[str, Any]:
    return {
        "id": on.person.id,
        "name": on.person.name,
        "since": on.since.isoformat() if on.since else None,
        "until": on.until.isoformat() if on.until else None,
        "source": on.source,
    }
