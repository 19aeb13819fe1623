"""After a person: the question how it was, asked once, over the APIs of web chat and desk."""

import pytest

from tests.support.desk import Desk, desk
from tests.support.program import Program
from tests.support.visitor import Visitor, visitor

pytestmark = pytest.mark.acceptance


async def test_a_customer_rates_and_comments_and_staff_read_it(program: Program, link: str):
    async with visitor(program.base) as customer, desk(link) as staff:
        handoff = await _with_a_person(customer, staff, "my oak table has a crack")
        await staff.act(handoff, "resolve")
        values = await _asked(customer)
        assert values == [f"csat:{handoff}:{score}" for score in range(1, 6)]
        await customer.say(pressed=values[3])
        more = await customer.hears("add a few words")
        await customer.say(pressed=more["choices"][0]["value"])
        await customer.hears("in one message")
        await customer.say("quick, and kind")
        await customer.hears("passed that on")
        csat = (await staff.get(f"/handoffs/{handoff}"))["csat"]
        assert (csat["score"], csat["comment"]) == (4, "quick, and kind")
        await customer.say("how long does delivery take?")
        await customer.hears("working days", author="bot")
        await customer.say(pressed=values[0])
        await customer.hears("This question is closed")
        assert (await staff.get(f"/handoffs/{handoff}"))["csat"]["score"] == 4
    asked = [body for body in customer.shown if "from 1 (very poor)" in body["text"]]
    assert len(asked) == 1


async def test_who_ends_the_talk_is_asked_and_a_question_is_simply_answered(
    program: Program, link: str
):
    async with visitor(program.base) as customer, desk(link) as staff:
        handoff = await _with_a_person(customer, staff, "my walnut bench wobbles")
        await customer.say(pressed="end")
        await _asked(customer)
        await customer.say("how long does delivery take?")
        await customer.hears("working days", author="bot")
        assert (await staff.get(f"/handoffs/{handoff}"))["csat"] is None


async def test_nobody_answers_for_somebody_else(program: Program, link: str):
    async with (
        visitor(program.base) as customer,
        visitor(program.base) as other,
        desk(link) as staff,
    ):
        handoff = await _with_a_person(customer, staff, "my birch stool is late")
        await staff.act(handoff, "resolve")
        values = await _asked(customer)
        await other.say("how long does delivery take?")
        await other.hears("working days", author="bot")
        await other.say(pressed=values[0])
        await other.hears("This question is closed")
        await customer.say("5")
        await customer.hears("add a few words")
        assert (await staff.get(f"/handoffs/{handoff}"))["csat"]["score"] == 5


async def _with_a_person(customer: Visitor, staff: Desk, about: str) -> str:
    await customer.say(about)
    await customer.until(lambda body: body["author"] == "bot" or "asked a person" in body["text"])
    await customer.say("can I talk to someone")
    await customer.hears("asked a person to join")
    handoff = str((await staff.waiting(about))["id"])
    await staff.act(handoff, "claim")
    await customer.hears("has joined")
    return handoff


async def _asked(customer: Visitor) -> list[str]:
    """The values of the five buttons of the question."""
    question = await customer.hears("from 1 (very poor)")
    return [choice["value"] for choice in question["choices"]]
