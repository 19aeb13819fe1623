"""The gate of written turns: one after the other, and nobody held up for long."""

import asyncio

from bot.core import drafting
from bot.core.drafting import Gate


async def test_who_is_late_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(drafting, "LONGEST_S", 0.01)
    gate = Gate(1)
    async with asyncio.timeout(10), gate.passing(), gate.passing():
        pass


async def test_so_many_pass_at_a_time_even_after_one_was_late(monkeypatch):
    gate, inside, most = Gate(1), 0, 0

    async def pass_through() -> None:
        nonlocal inside, most
        async with gate.passing():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    monkeypatch.setattr(drafting, "LONGEST_S", 0.01)
    async with asyncio.timeout(10), gate.passing(), gate.passing():
        pass
    monkeypatch.setattr(drafting, "LONGEST_S", 10)
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(pass_through())
    assert most == 1


async def test_who_goes_first_is_waited_for_and_waits_for_nobody(monkeypatch):
    monkeypatch.setattr(drafting, "YIELDS_S", 10)
    gate, order = Gate(1), list[str]()

    async def written() -> None:
        async with gate.passing():
            order.append("written")

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        with gate.first():
            group.create_task(written())
            with gate.first():
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append("first")
    assert order == ["first", "written"]


async def test_talk_without_an_end_lets_written_turns_pass(monkeypatch):
    monkeypatch.setattr(drafting, "YIELDS_S", 0.01)
    gate = Gate(1)
    with gate.first():
        for _ in range(2):
            async with asyncio.timeout(5), gate.passing():
                pass
