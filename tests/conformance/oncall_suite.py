"""What every `OnCall` must do; those under test are given two shifts in a team, with a gap."""

from datetime import UTC, datetime, timedelta

from bot.domain.contact import Person
from bot.domain.oncall import OnCall

ADA = Person(id="ada", name="Ada Lovelace", email="ada@example.org")
BEN = Person(id="ben", name="Ben Bell", email="ben@example.org")
FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
GAP = FIRST + timedelta(hours=8)
SECOND = FIRST + timedelta(hours=10)
LAST = FIRST + timedelta(hours=18)
MOMENT = timedelta(seconds=1)


class OnCallSuite:
    """Ada has `support` from FIRST to GAP, Ben from SECOND to LAST, and Ben is its lead."""

    def test_who_is_on_call_until_when(self, oncall: OnCall):
        duty = oncall.now("support", FIRST)
        assert [on.person for on in duty.people] == [ADA]
        assert (duty.people[0].since, duty.people[0].until) == (FIRST, GAP)
        assert duty.people[0].source
        assert duty.back_at() == FIRST

    def test_who_is_next_and_from_when(self, oncall: OnCall):
        duty = oncall.now("support", FIRST)
        assert [on.person for on in duty.then] == [BEN]
        assert duty.changes_at == SECOND

    def test_a_shift_ends_at_its_end(self, oncall: OnCall):
        assert oncall.now("support", GAP - MOMENT).people
        duty = oncall.now("support", GAP)
        assert duty.people == ()
        assert duty.back_at() == SECOND

    def test_nobody_before_and_after(self, oncall: OnCall):
        assert oncall.now("support", FIRST - MOMENT).back_at() == FIRST
        after = oncall.now("support", LAST)
        assert (after.people, after.back_at()) == ((), None)

    def test_a_role_is_called_whoever_has_the_shift(self, oncall: OnCall):
        duty = oncall.now("support", FIRST, role="lead")
        assert [on.person for on in duty.people] == [BEN]
        assert oncall.now("support", FIRST, role="nothing").people == ()

    def test_staff_are_known_on_call_or_not(self, oncall: OnCall):
        assert (oncall.person("ada"), oncall.person("ben")) == (ADA, BEN)
        assert oncall.person("nobody") is None

    def test_a_team_that_has_left_the_settings_is_nobody(self, oncall: OnCall):
        assert oncall.now("other", LAST).people == ()
