"""What staff and their settings get wrong while the product runs: refused in words, or told."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.desk import Desk, desk
from tests.support.house import House, open_house
from tests.support.program import Program
from tests.support.visitor import Visitor, visitor

pytestmark = pytest.mark.acceptance

ASKS = "can I talk to a person please"
SETTINGS = """
[teams.support]

[teams.first]
members = ["twice"]

[teams.second]
members = ["twice"]

[teams.empty]
members = ["gone"]

[ladders.both]
fallback = "callback"

[[ladders.both.rungs]]
team = "empty"
means = "room"
wait_minutes = 5

[[ladders.both.rungs]]
team = "first"
means = "room"
wait_minutes = 0.02

[[ladders.both.rungs]]
team = "second"
means = "room"
wait_minutes = 0.02

[ladders.nobody]
fallback = "ticket"

[[ladders.nobody.rungs]]
team = "empty"
means = "room"
wait_minutes = 5

[lines.shop]
title = "the shop"
kb = "shop"

[lines.both]
title = "Both"
kb = "shop"
addresses = ["web:both"]
ladder = "both"

[lines.nobody]
title = "Nobody"
kb = "shop"
addresses = ["web:nobody"]
ladder = "nobody"

[[rules]]
name = "divides-by-zero"
when = "turns / (turns - turns) > 1"
priority = "urgent"
"""


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with open_house() as house:
        (house.data / "careline.toml").write_text(SETTINGS)
        yield _staffed(house)


def _staffed(house: House) -> Program:
    program = house.program().start()
    for login in ("ada", "twice"):
        added = program.command("staff", "add", login, "--name", login.title())
        assert added.returncode == 0, added.stderr
    return program


@pytest.fixture
def link(program: Program) -> str:
    token = program.command("staff", "link", "ada").stdout.split("token=")[1].strip()
    return f"{program.base}/desk/login?token={token}"


async def _handed_over(customer: Visitor, staff: Desk, mark: str) -> str:
    await customer.say(f"{ASKS}, {mark}")
    return str((await staff.waiting(mark))["id"])


async def test_a_text_of_a_hundred_thousand_characters_is_refused_in_words(
    program: Program, link: str
):
    async with visitor(program.base) as customer, desk(link) as staff:
        handoff = await _handed_over(customer, staff, "lilac")
        assert (await staff.act(handoff, "claim"))[0] == 200
        for act in ("reply", "note"):
            status, answer = await staff.act(handoff, act, {"text": "x" * 100_000})
            assert (status, "in parts of at most 4000" in answer["error"]) == (413, True)
            status, answer = await staff.act(handoff, act, {"text": "x" * 4001})
            assert (status, "1 to 4000 characters" in answer["error"]) == (400, True)
        assert (await staff.act(handoff, "reply", {"text": "y" * 4000}))[0] == 200
        await customer.hears("y" * 4000, author="staff")
        assert not [body for body in customer.shown if "x" * 100 in body["text"]]
        await staff.act(handoff, "resolve")


async def test_a_press_on_a_card_that_is_long_closed_changes_nothing(program: Program, link: str):
    async with visitor(program.base) as customer, desk(link) as staff:
        old = await _handed_over(customer, staff, "first matter")
        await staff.act(old, "claim")
        await staff.act(old, "resolve")
        await _is_over(staff, old)
        new = await _handed_over(customer, staff, "second matter")
        assert new != old
        await _is_over(staff, old)
        assert (await staff.get(f"/handoffs/{new}"))["state"] == "waiting"
        assert (await staff.act(new, "claim"))[0] == 200
        await _is_over(staff, old)
        assert (await staff.get(f"/handoffs/{new}"))["claimed_by"]["name"] == "Ada"
        await staff.act(new, "resolve")
        assert not [body for body in customer.shown if "of long ago" in body["text"]]


async def _is_over(staff: Desk, handoff: str) -> None:
    """Every button of a card that has ended says so."""
    presses: list[tuple[str, dict[str, Any]]] = [
        *((act, {}) for act in ("claim", "take-over", "release", "hand-back", "resolve", "done")),
        ("reply", {"text": "a word of long ago"}),
    ]
    before = await staff.get(f"/handoffs/{handoff}")
    for act, body in presses:
        status, answer = await staff.act(handoff, act, body)
        assert (status, answer["code"]) == (409, "closed"), act
        assert answer["error"] == "This hand-off has ended."
    assert (await staff.get(f"/handoffs/{handoff}"))["state"] == before["state"]
    assert (await staff.act("0" * 16, "claim"))[0] == 404


async def test_nobody_on_call_is_told_and_leaves_a_ticket(program: Program, link: str):
    async with visitor(program.base, "nobody") as customer, desk(link) as staff:
        await customer.say(f"{ASKS}, violet")
        await customer.hears("I have asked a person to join", author="system")
        told = await customer.hears("I have opened ticket", author="system")
        assert "Meanwhile I am here" in told["text"]
        row = await staff.waiting("violet")
        assert row["state"] == "ticket"
        await staff.reads(str(row["id"]), "nobody is on call; passed on")


async def test_a_person_in_two_teams_is_called_for_each(program: Program, link: str):
    async with visitor(program.base, "both") as customer, desk(link) as staff:
        await customer.say(f"{ASKS}, indigo")
        handoff = str((await staff.waiting("indigo"))["id"])
        await staff.reads(handoff, "Rung 1 of 3 (empty, room): nobody is on call; passed on.")
        await staff.reads(handoff, "Rung 2 of 3 (first, room): called Twice.")
        await staff.reads(handoff, "Rung 3 of 3 (second, room): called Twice.")
        await customer.hears("call", author="system")


async def test_a_rule_that_divides_by_zero_is_counted_and_the_others_go_on(program: Program):
    async with visitor(program.base) as customer:
        await customer.say("how long does delivery take?")
        await customer.hears("working days", author="bot")
        await customer.say(ASKS)
        await customer.hears("I have asked a person to join", author="system")
    async with httpx.AsyncClient() as http:
        metrics = (await http.get(f"{program.base}/metrics")).text
    assert 'careline_rule_faults_total{rule="divides-by-zero"}' in metrics
    tried = await asyncio.to_thread(program.command, "rules", "test", "hello", "--line", "shop")
    assert "divide by zero" in tried.stdout
    assert "Traceback" not in program.said() + tried.stderr
