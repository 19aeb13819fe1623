"""The fake keeps the port's promises."""

import pytest

from tests.conformance.oncall_suite import ADA, BEN, FIRST, GAP, LAST, SECOND, OnCallSuite
from tests.fakes.oncall import FakeOnCall, FakeShift


class TestFakeOnCall(OnCallSuite):
    @pytest.fixture
    def oncall(self) -> FakeOnCall:
        shifts = [
            FakeShift(person=ADA, since=FIRST, until=GAP),
            FakeShift(person=BEN, since=SECOND, until=LAST),
            FakeShift(person=BEN, role="lead"),
        ]
        return FakeOnCall(teams={"support": shifts}, everybody=(ADA, BEN))
