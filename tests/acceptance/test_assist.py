"""Help for the claimer, over the APIs of web chat and desk: seen by one, sent by a press."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.desk import PATIENCE_S, Desk, desk
from tests.support.program import Program
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

QUESTION = "how long does delivery take?"


async def until(staff: Desk, handoff: str, wanted: Callable[[Any], bool]) -> Any:
    """What helps with a hand-off, once it is as wanted; fails after a while."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if wanted(found := (await staff.get(f"/handoffs/{handoff}"))["assist"]):
                return found
            await asyncio.sleep(0.05)


async def test_a_suggestion_is_the_claimers_alone_and_sent_once(program: Program, link: str):
    await asyncio.to_thread(program.command, "staff", "add", "helper", "--name", "Helper")
    made = await asyncio.to_thread(program.command, "staff", "link", "helper")
    token = made.stdout.split("token=")[1].strip()
    async with (
        visitor(program.base) as customer,
        desk(link) as staff,
        desk(f"{program.base}/desk/login?token={token}") as other,
    ):
        await customer.say("my cedar chest is heavy, can I talk to someone")
        handoff = (await staff.waiting("my cedar chest"))["id"]
        await staff.act(handoff, "claim")
        await customer.say(QUESTION)
        found = await until(staff, handoff, lambda one: one and one["suggestion"])
        assert "working days" in found["suggestion"]["text"]
        assert found["suggestion"]["title"]
        assert (await other.get(f"/handoffs/{handoff}"))["assist"] is None
        status, _ = await other.act(handoff, "assist/dismiss", {"id": found["id"]})
        assert status == 409
        reply = {"text": found["suggestion"]["text"], "key": f"assist-{found['id']}"}
        for _ in range(2):
            assert (await staff.act(handoff, "reply", reply))[0] == 200
        await until(staff, handoff, lambda one: one is None)
        await customer.hears("working days", author="staff")
        said = [one for one in customer.shown if "working days" in one["text"]]
        assert [one["author"] for one in said] == ["staff"]


async def test_a_dismissed_one_is_gone_and_who_wants_none_sees_none(program: Program, link: str):
    async with visitor(program.base) as customer, desk(link) as staff:
        await customer.say("my linden shelf is bent, can I talk to someone")
        handoff = (await staff.waiting("my linden shelf"))["id"]
        await staff.act(handoff, "claim")
        await customer.say(QUESTION)
        first = await until(staff, handoff, lambda one: one and one["suggestion"])
        await staff.act(handoff, "assist/dismiss", {"id": first["id"]})
        await until(staff, handoff, lambda one: one is None)
        await customer.say(QUESTION)
        second = await until(staff, handoff, lambda one: one and one["suggestion"])
        assert "The customer has asked the same thing before." in second["hints"]
        await staff.post("/session/assist", {"on": False})
        assert (await staff.get(f"/handoffs/{handoff}"))["assist"] is None
        await staff.post("/session/assist", {"on": True})
        assert (await staff.get(f"/handoffs/{handoff}"))["assist"] == second
