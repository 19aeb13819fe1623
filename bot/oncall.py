"""Who is on call, opened from the settings."""

from datetime import timedelta

from bot.connectors.oncall.refreshing import Refresher
from bot.connectors.oncall.roster import Roster
from bot.settings import calendars_of, teams_of
from bot.storage import Storage
from bot.telemetry.metrics import Metrics


def open_oncall(storage: Storage, metrics: Metrics | None = None) -> Refresher:
    """Who is on call, and what keeps that up to date."""
    settings = storage.settings
    return Refresher(
        Roster(teams_of(settings)),
        sources=calendars_of(settings),
        copies=storage.calendars,
        people=storage.staff,
        clock=storage.clock,
        every=timedelta(minutes=settings.oncall.refresh_minutes),
        ailing=metrics.calendars_ailing.set if metrics else lambda _count: None,
    )
