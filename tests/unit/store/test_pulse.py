"""A process judges other hearts only while its own is steady."""

from bot.store.processes import PATIENCE_S
from bot.store.pulse import Pulse


class Watch:
    """A monotonic clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def beats(pulse: Pulse, watch: Watch, count: int) -> None:
    for _ in range(count):
        pulse.beat()
        watch.now += 1


def test_a_heart_that_has_not_beaten_is_not_steady():
    assert not Pulse(Watch()).steady()


def test_a_heart_is_steady_after_it_has_beaten_for_the_patience_it_asks_of_others():
    watch = Watch()
    pulse = Pulse(watch)
    beats(pulse, watch, PATIENCE_S - 1)
    assert not pulse.steady()
    beats(pulse, watch, 2)
    assert pulse.steady()


def test_a_gap_begins_the_wait_anew():
    watch = Watch()
    pulse = Pulse(watch)
    beats(pulse, watch, PATIENCE_S + 2)
    watch.now += 5  # the database was away, or the process frozen
    assert not pulse.steady()
    pulse.beat()
    assert not pulse.steady()
    beats(pulse, watch, PATIENCE_S + 1)
    assert pulse.steady()
