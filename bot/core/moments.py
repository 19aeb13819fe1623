"""Saying when: a moment as the customer's line shows it on the wall."""

from datetime import datetime, timedelta

from bot.core.words import say
from bot.domain.hours import zone_of
from bot.domain.line import Line

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SOON = timedelta(days=6)


def when(moment: datetime, now: datetime, zone: str, language: str) -> str:
    """As in "today at 14:00 (Berlin time)" or "on Monday at 09:00 (UTC)"; far off with its date."""
    local, here = moment.astimezone(zone_of(zone)), now.astimezone(zone_of(zone))
    time = f"{local:%H:%M} ({_place(zone)})"
    days = (local.date() - here.date()).days
    if days == 0:
        return say("today_at", language, time=time)
    if days == 1:
        return say("tomorrow_at", language, time=time)
    day = _DAYS[local.weekday()]
    if moment - now > _SOON:
        day += f", {local.day} {_MONTHS[local.month - 1]}"
    return say("day_at", language, day=day, time=time)


def people_back(line: Line | None, at: datetime | None, now: datetime, language: str) -> str:
    """When people are back, and what happens meanwhile, as far as that is known."""
    zone = line.hours.zone if line and line.hours else "UTC"
    known = at or (line.hours.opens(now) if line and line.hours else None)
    told = [say("meanwhile", language)]
    if known is not None and known > now:
        told.insert(0, say("people_back", language, back=when(known, now, zone, language)))
    return " ".join(told)


def _place(zone: str) -> str:
    """Of Europe/Berlin it is "Berlin time"; UTC stays as it is."""
    return f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time" if "/" in zone else zone
