"""The fake keeps the port's promises."""

import pytest

from tests.conformance.calendars_suite import CalendarCopiesSuite
from tests.fakes.oncall import FakeCalendarCopies


class TestFakeCalendarCopies(CalendarCopiesSuite):
    @pytest.fixture
    def copies(self) -> FakeCalendarCopies:
        return FakeCalendarCopies()
