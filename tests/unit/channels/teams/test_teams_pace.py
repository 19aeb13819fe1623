"""A thread takes what Teams allows, and says when it takes more."""

from datetime import timedelta

import pytest

from bot.domain.errors import TryLater
from channels.teams.pace import LIMITS, Pace
from tests.fakes.clock import FakeClock


def filled(pace: Pace) -> int:
    """How many go at once."""
    count = 0
    while True:
        try:
            pace.admit("a:1")
        except TryLater:
            return count
        count += 1


def test_no_span_of_time_has_more_than_its_most(clock: FakeClock):
    pace, sent = Pace(clock), []
    for _ in range(400):
        try:
            pace.admit("a:1")
        except TryLater as exc:
            clock.advance(max(exc.after, timedelta(microseconds=1)))
        else:
            sent.append(clock.now())
    for span, most in LIMITS:
        assert max(sum(at <= one < at + span for one in sent) for at in sent) <= most


def test_threads_do_not_wait_for_each_other(clock: FakeClock):
    pace = Pace(clock)
    assert filled(pace) == LIMITS[0][1]
    pace.admit("a:2")
    with pytest.raises(TryLater):
        pace.admit("a:1")
