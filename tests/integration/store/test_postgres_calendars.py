"""PostgreSQL keeps the promises of `CalendarCopies`."""

import pytest

from bot.store.calendars import PostgresCalendars
from bot.store.database import Database
from tests.conformance.calendars_suite import CalendarCopiesSuite

pytestmark = pytest.mark.integration


class TestPostgresCalendars(CalendarCopiesSuite):
    @pytest.fixture
    def copies(self, database: Database) -> PostgresCalendars:
        return PostgresCalendars(database)
