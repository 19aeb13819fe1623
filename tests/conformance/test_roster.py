"""The roster keeps the port's promises."""

import pytest

from bot.connectors.oncall.roster import Roster
from bot.domain.oncall import Shift, Team
from tests.conformance.oncall_suite import ADA, BEN, FIRST, GAP, LAST, SECOND, OnCallSuite


class TestRoster(OnCallSuite):
    @pytest.fixture
    def oncall(self) -> Roster:
        team = Team(name="support", calendars=("c",), roles=(("lead", ("ben",)),))
        roster = Roster([team])
        shifts = (
            Shift(start=FIRST, end=GAP, title="On Call - Ada Lovelace - Support"),
            Shift(start=SECOND, end=LAST, attendees=("ben@example.org",)),
        )
        roster.update((ADA, BEN), {"c": shifts})
        return roster
