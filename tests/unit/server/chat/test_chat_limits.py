"""Floods: whoever asks too often waits, and nobody else does."""

from datetime import timedelta

import pytest

from bot.domain.errors import TooMany
from bot.server.chat.limits import Limiter, Rate
from tests.fakes.clock import FakeClock
from tests.unit.server.chat.house import House, Visit, soon


def taken(limiter: Limiter, key: str, times: int) -> int:
    passed = 0
    for _ in range(times):
        try:
            limiter.take(key)
        except TooMany:
            continue
        passed += 1
    return passed


def test_a_burst_then_the_rate():
    clock = FakeClock()
    limiter = Limiter(Rate(burst=5, per_second=2), clock)
    assert taken(limiter, "a", 20) == 5
    clock.advance(timedelta(seconds=1))
    assert taken(limiter, "a", 20) == 2
    clock.advance(timedelta(hours=1))
    assert taken(limiter, "a", 20) == 5


def test_it_says_how_long_to_wait():
    clock = FakeClock()
    limiter = Limiter(Rate(burst=1, per_second=0.25), clock)
    limiter.take("a")
    clock.advance(timedelta(seconds=1))
    with pytest.raises(TooMany) as caught:
        limiter.take("a")
    assert caught.value.after == timedelta(seconds=3)
    clock.advance(caught.value.after)
    limiter.take("a")


def test_keys_do_not_touch_each_other():
    limiter = Limiter(Rate(burst=2, per_second=1), FakeClock())
    assert (taken(limiter, "a", 9), taken(limiter, "b", 9)) == (2, 2)


def test_a_clock_set_back_gives_and_takes_nothing():
    clock = FakeClock()
    limiter = Limiter(Rate(burst=3, per_second=1), clock)
    assert taken(limiter, "a", 2) == 2
    clock.advance(timedelta(days=-1))
    assert taken(limiter, "a", 9) == 1


def test_memory_is_bounded_and_the_busy_are_remembered():
    limiter = Limiter(Rate(burst=1, per_second=0.001), FakeClock(), most=100)
    limiter.take("flood")
    for number in range(1000):
        limiter.take(str(number))
        with pytest.raises(TooMany):
            limiter.take("flood")
    assert len(limiter) == 100


async def test_a_flood_from_one_visitor_leaves_others_alone(house: House):
    loud, calm = await house.visit(), await house.visit()
    statuses = [(await loud.post(key=f"k{n}", text="x")).status for n in range(40)]
    assert (statuses.count(202), statuses.count(429)) == (20, 20)
    refused = await loud.post(key="k", text="x")
    assert (refused.headers["Retry-After"], refused.status) == ("1", 429)
    assert (await calm.post(key="k", text="x")).status == 202
    house.clock.advance(timedelta(seconds=1))
    assert (await loud.post(key="k", text="x")).status == 202


async def test_a_flood_of_newcomers_from_one_address(house: House):
    url = "/chat/api/visitors"
    loud = {"X-Forwarded-For": "203.0.113.9"}
    statuses = [(await soon(house.browser.post(url, headers=loud))).status for _ in range(40)]
    assert (statuses.count(200), statuses.count(429)) == (30, 10)
    await house.visit(ip="203.0.113.10")


async def test_guessing_tokens_is_slowed_and_harms_no_known_visitor(house: House):
    visit = await house.visit()
    guess = Visit(house.browser, "", "v1.guess.shop.guess")
    statuses = [(await guess.post(key="k", text="x")).status for _ in range(40)]
    assert (statuses[0], statuses[-1]) == (401, 429)
    assert (await visit.post(key="k", text="x")).status == 202


async def test_one_address_with_many_visitors_is_limited_too(house: House):
    statuses = []
    for _ in range(12):
        house.clock.advance(timedelta(seconds=1))
        visit = await house.visit()
        statuses += [(await visit.post(key=f"k{n}", text="x")).status for n in range(20)]
    house.clock.advance(timedelta(seconds=1))
    assert 429 not in statuses  # the rate of an address refills while visitors come
    crowd = [await house.visit() for _ in range(15)]
    burst = [(await v.post(key=f"k{n}", text="x")).status for v in crowd for n in range(20)]
    assert burst.count(429) >= 100
