"""What a person answers becomes what the bot knows, approved by an operator, and until undone."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import Desk, desk
from tests.support.house import House, open_house
from tests.support.program import Program
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

UNKNOWN = "do you engrave names on pocket watches?"
ALIKE = "can a pocket watch be engraved with a name?"
ANSWER = "Yes, we engrave up to twelve letters on any pocket watch for nine euros."
PATIENCE_S = 60


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(house: House) -> Program:
    return house.program().start()


def signed_in(server: Program) -> str:
    server.command("staff", "add", "ada", "--name", "Ada", "--operator")
    token = server.command("staff", "link", "ada").stdout.split("token=")[1].strip()
    return f"{server.base}/desk/login?token={token}"


async def eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.1)


async def says(server: Program, words: str) -> str:
    """What the bot replies to somebody new."""
    async with visitor(server.base, "shop") as customer:
        await customer.say(words)
        answer = await customer.until(lambda body: body["author"] == "bot")
        return str(answer["text"])


async def answered_by_a_person(server: Program, staff: Desk, question: str, reply: str) -> None:
    async with visitor(server.base, "shop") as customer:
        await customer.say(question)
        await customer.hears("do not know", author="bot")
        await customer.say("can I talk to someone")
        await customer.hears("asked a person to join")
        handoff = (await staff.waiting(question[:20]))["id"]
        await staff.act(handoff, "claim")
        await staff.act(handoff, "reply", {"text": "Hello!"})
        await staff.act(handoff, "reply", {"text": reply})
        await customer.hears(reply[:20])
        status, _ = await staff.act(handoff, "resolve")
        assert status == 200


async def proposal(staff: Desk, words: str) -> dict[str, Any]:
    async def look() -> Any:
        gaps = (await staff.get("/gaps"))["gaps"]
        return next((one for one in gaps if words in one["questions"]), None)

    return dict(await eventually(look))


async def live(staff: Desk, gap: str) -> dict[str, Any]:
    async def look() -> Any:
        gaps = (await staff.get("/gaps"))["gaps"]
        return next((one for one in gaps if one["id"] == gap and not one["pending"]), None)

    return dict(await eventually(look))


async def test_an_answer_is_learnt_served_kept_and_taken_out_again(server: Program, tmp_path: Path):
    link = await asyncio.to_thread(signed_in, server)

    async def knows() -> bool:
        return ANSWER in await says(server, UNKNOWN)

    async def knows_not() -> bool:
        return not await knows()

    async with desk(link) as staff:
        await answered_by_a_person(server, staff, UNKNOWN, f"{ANSWER} Write to eva@shop.example.")
        gap = await proposal(staff, UNKNOWN)
        assert (gap["kind"], gap["state"], gap["told_by"]) == ("article", "open", "Ada")
        assert gap["answer"] == f"{ANSWER} Write to [e-mail]."

        edit = {"questions": [UNKNOWN], "answer": ANSWER}
        status, decided = await staff.post(f"/gaps/{gap['id']}/approve", edit)
        assert (status, decided["state"], decided["decided_by"]) == (200, "approved", "ada")
        assert (await live(staff, gap["id"]))["version"] == 2
        await eventually(knows)
        assert ANSWER in await says(server, ALIKE)

        # The next ingest of the shop's own documents keeps it.
        folder = tmp_path / "more.jsonl"
        folder.write_text(json.dumps({"id": "gift", "question": "Do you wrap?", "answer": "Yes."}))
        done = await asyncio.to_thread(server.command, "ingest", str(folder), "--kb", "shop")
        assert "1 added, 0 changed, 10 removed, 1 unchanged" in done.stdout
        assert await knows()

        status, _ = await staff.post(f"/gaps/{gap['id']}/undo")
        assert status == 200
        assert (await live(staff, gap["id"]))["state"] == "undone"
        await eventually(knows_not)
        told = await asyncio.to_thread(server.command, "kb", "history", "shop")
        assert "approved by ada" in told.stdout
        assert "undone by ada" in told.stdout


async def test_operators_decide_on_the_command_line(server: Program):
    link = await asyncio.to_thread(signed_in, server)
    question = "will my parcel survive a hailstorm?"
    async with desk(link) as staff:
        await answered_by_a_person(server, staff, question, "It does, we pack it in steel.")
        gap = await proposal(staff, question)

    async def careline(*arguments: str) -> str:
        done = await asyncio.to_thread(server.command, "gaps", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = json.loads(await careline("list", "--kb", "shop", "--json"))["gaps"]
    assert gap["id"] in [one["id"] for one in listed]
    assert question in await careline("show", gap["id"])
    said = await careline("approve", gap["id"], "--title", "Is it hail proof?", "--by", "eva")
    assert "is live: 1 added, 0 changed, 0 removed; 3 texts encoded" in said
    found = await asyncio.to_thread(server.command, "ask", question, "--kb", "shop", "--json")
    assert json.loads(found.stdout)["article"] == f"desk-{gap['id']}"
    assert "approved by eva" in await careline("list", "--all")
    assert "0 added, 0 changed, 1 removed" in await careline("undo", gap["id"], "--by", "eva")
    twice = await asyncio.to_thread(server.command, "gaps", "undo", gap["id"], "--by", "eva")
    assert twice.returncode == 2
    assert "is undone (by eva)" in twice.stderr
    nothing = await asyncio.to_thread(server.command, "gaps", "show", "nothing")
    assert "There is no gap nothing" in nothing.stderr
