"""The fakes of the desk's ports do what the suite says."""

import pytest
from typing_extensions import override

from tests.conformance.desk_suite import AnyClock, ModesSuite, StaffBookSuite
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeModes, FakeStaffBook


class TestFakeStaffBook(StaffBookSuite):
    @pytest.fixture
    @override
    def clock(self) -> FakeClock:
        return FakeClock()

    @pytest.fixture
    @override
    def book(self, clock: AnyClock) -> FakeStaffBook:
        return FakeStaffBook(clock)


class TestFakeModes(ModesSuite):
    @pytest.fixture
    @override
    def modes(self) -> FakeModes:
        return FakeModes()
