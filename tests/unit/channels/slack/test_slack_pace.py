"""A room is written to no faster than Slack allows, and nobody waits for ever."""

from datetime import timedelta

import pytest

from bot.domain.errors import TryLater
from channels.slack.pace import Pace
from tests.fakes.clock import FakeClock

SECOND = timedelta(seconds=1)


def waits(pace: Pace, key: str, room: str = "C1") -> timedelta:
    try:
        pace.admit(room, key)
    except TryLater as exc:
        return exc.after
    return timedelta()


def test_a_few_go_at_once_then_one_a_second_in_order(clock: FakeClock):
    pace = Pace(clock)
    assert [waits(pace, f"k{n}").total_seconds() for n in range(7)] == [0, 0, 0, 0, 1, 2, 3]
    assert waits(pace, "k5") == 2 * SECOND  # asked too early: it keeps its place
    clock.advance(SECOND)
    assert waits(pace, "k4") == timedelta()
    assert waits(pace, "new").total_seconds() == 3
    clock.advance(SECOND)
    assert waits(pace, "k5") == timedelta()


def test_another_room_is_not_kept_waiting(clock: FakeClock):
    pace = Pace(clock)
    for n in range(9):
        waits(pace, f"k{n}")
    assert waits(pace, "other", room="C2") == timedelta()


def test_quiet_gives_the_burst_back_and_no_more(clock: FakeClock):
    pace = Pace(clock)
    for n in range(4):
        waits(pace, f"k{n}")
    clock.advance(timedelta(hours=1))
    assert [waits(pace, f"l{n}").total_seconds() for n in range(5)] == [0, 0, 0, 0, 1]


def test_a_room_that_slack_closes_opens_when_it_says(clock: FakeClock):
    pace = Pace(clock)
    pace.close("C1", 30 * SECOND)
    assert waits(pace, "k0") == 30 * SECOND
    clock.advance(30 * SECOND)
    assert waits(pace, "k0") == timedelta()


def test_what_was_withdrawn_is_forgotten(clock: FakeClock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("channels.slack.pace._MOST", 10)
    pace = Pace(clock)
    for n in range(30):
        waits(pace, f"k{n}")
    clock.advance(timedelta(hours=1))
    waits(pace, "last")
    assert len(pace._places) == 0


def test_what_is_not_urgent_lets_others_go_first_and_goes_in_the_end():
    clock = FakeClock()
    pace = Pace(clock, every=timedelta(seconds=1), burst=2)
    pace.admit("C1", "a")
    pace.admit("C1", "b")
    with pytest.raises(TryLater):
        pace.admit("C1", "note", urgent=False)
    clock.advance(timedelta(seconds=1))
    pace.admit("C1", "c")
    clock.advance(timedelta(seconds=2))
    pace.admit("C1", "note", urgent=False)


def test_what_is_not_urgent_waits_half_a_minute_at_most():
    clock = FakeClock()
    pace = Pace(clock, every=timedelta(seconds=1), burst=1)
    pace.admit("C1", "first")
    for number in range(30):
        assert pace_refuses(pace, "note")
        clock.advance(timedelta(seconds=1))
        pace.admit("C1", f"k{number}")
    assert pace_refuses(pace, "note")  # from now on it has a place like all others
    clock.advance(timedelta(seconds=1))
    assert not pace_refuses(pace, "note")


def pace_refuses(pace: Pace, key: str) -> bool:
    """Whether what is not urgent has to wait once more."""
    try:
        pace.admit("C1", key, urgent=False)
    except TryLater:
        return True
    return False
