"""Whose turn it is in a rotation, hand-over times kept on the wall clock through the year."""

from datetime import datetime, timedelta

from bot.domain.hours import moment, zone_of
from bot.domain.oncall import Rotation


def turn_at(rotation: Rotation, at: datetime) -> tuple[str, datetime, datetime] | None:
    """The id of whoever is on, since and until when (UTC); None before the first turn."""
    number = (at.astimezone(zone_of(rotation.zone)).date() - rotation.start).days // rotation.days
    # Before the hand-over time of its day, the turn is still the one before.
    for turn in (number, number - 1):
        since, until = _begins(rotation, turn), _begins(rotation, turn + 1)
        if turn >= 0 and since <= at < until:
            return rotation.order[turn % len(rotation.order)], since, until
    return None


def next_change(rotation: Rotation, at: datetime) -> datetime:
    """The first hand-over after a moment."""
    turn = turn_at(rotation, at)
    return turn[2] if turn else _begins(rotation, 0)


def _begins(rotation: Rotation, turn: int) -> datetime:
    day = rotation.start + timedelta(days=rotation.days) * turn
    return moment(day, rotation.handover, rotation.zone)
