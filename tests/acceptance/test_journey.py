"""The main job from end to end, over the APIs."""

import asyncio

import pytest

from tests.support.desk import Desk, desk
from tests.support.program import Program
from tests.support.visitor import Visitor, visitor

pytestmark = pytest.mark.acceptance


async def test_an_answer_comes_with_its_source_after_a_word_about_who_speaks(program: Program):
    async with visitor(program.base) as customer:
        await customer.say("how long do i have to return something?")
        answer = await customer.hears("30 days", author="bot")
    assert answer["sources"][0]["url"].startswith("https://shop.example/")
    first = next(body for body in customer.shown if body["author"] != "customer")
    assert "automated assistant" in first["text"]
    assert "person" in first["text"]


async def test_nonsense_is_not_answered_and_a_person_is_offered(program: Program):
    async with visitor(program.base) as customer:
        await customer.say("purple elephants quantum sing")
        honest = await customer.hears("do not know", author="bot")
    assert [choice["value"] for choice in honest["choices"]] == ["person"]


async def test_two_unknowns_in_a_row_call_a_person(program: Program, link: str):
    async with visitor(program.base) as customer, desk(link) as staff:
        await customer.say("purple elephants quantum sing")
        await customer.hears("do not know")
        await customer.say("zzyzx florp gnarf")
        await customer.hears("asked a person to join")
        row = await staff.waiting("zzyzx florp")
    assert row["reason"] == "unknowns"


async def test_a_person_takes_over_talks_and_hands_back_for_good(program: Program, link: str):
    async with visitor(program.base) as customer, desk(link) as staff:
        handoff = await _asks_for_person(customer, staff, "my marble sofa is late")
        status, _ = await staff.act(handoff, "claim")
        assert status == 200
        await customer.hears("has joined")
        await customer.say("are you real?")
        await staff.act(handoff, "reply", {"text": "I am **real**."})
        await customer.hears("I am **real**.", author="staff")
        await staff.act(handoff, "note", {"text": "customer doubts us"})
        assert (await staff.reads(handoff, "customer doubts us"))["kind"] == "note"
        assert (await staff.reads(handoff, "are you real?"))["author"] == "customer"
        status, ended = await staff.act(handoff, "resolve")
        assert (status, ended["state"]) == (200, "ended")
        await customer.hears("has closed this request")
        await customer.say("how long does delivery take?")
        await customer.hears("working days", author="bot")
        await customer.say("thanks, can i pay by card?")
        await customer.until(
            lambda body: body["author"] == "bot" and body is not customer.shown[-2]
        )
        assert not [b for b in customer.shown if "doubts" in b["text"]]
        assert [r for r in (await staff.get("/handoffs"))["handoffs"] if r["id"] == handoff] == []


async def test_the_bot_is_silent_while_a_person_has_the_conversation(program: Program, link: str):
    async with visitor(program.base) as customer, desk(link) as staff:
        handoff = await _asks_for_person(customer, staff, "the gold kettle whistles")
        await staff.act(handoff, "claim")
        await customer.hears("has joined")
        for _ in range(3):
            await customer.say("how long does delivery take?")
        await staff.act(handoff, "reply", {"text": "one moment"})
        await customer.hears("one moment")
        joined = next(i for i, b in enumerate(customer.shown) if "has joined" in b["text"])
        assert {b["author"] for b in customer.shown[joined + 1 :]} <= {"customer", "staff"}
        await staff.act(handoff, "hand-back")
        await customer.hears("automated assistant again")
        await customer.say("how long does delivery take?")
        await customer.hears("working days", author="bot")


async def test_two_desks_claim_at_once_and_the_loser_is_told_who_won(program: Program, link: str):
    program.command("staff", "add", "second", "--name", "Second desk")
    other = program.command("staff", "link", "second").stdout.split("token=")[1].strip()
    async with (
        visitor(program.base) as customer,
        desk(link) as one,
        desk(f"{program.base}/desk/login?token={other}") as two,
    ):
        handoff = await _asks_for_person(customer, one, "the copper lamp flickers")
        answers = await asyncio.gather(one.act(handoff, "claim"), two.act(handoff, "claim"))
    assert sorted(status for status, _ in answers) == [200, 409]
    lost = next(body for status, body in answers if status == 409)
    won = next(body for status, body in answers if status == 200)
    assert lost["holder"] == won["claimed_by"]["name"]
    assert lost["holder"] in lost["error"]


async def test_a_line_switched_off_sends_everybody_to_people(program: Program, link: str):
    async with visitor(program.base, "it") as customer, desk(link) as staff:
        status, _ = await staff.post("/lines/it", {"mode": "off"})
        assert status == 200
        try:
            await asyncio.sleep(1)  # every process follows within a second
            await customer.say("how do i reset my password")
            await customer.hears("A person will answer you here")
            assert not [b for b in customer.shown if b["author"] == "bot"]
        finally:
            await staff.post("/lines/it", {"mode": "on"})


async def test_no_visitor_reads_or_writes_another(program: Program):
    async with visitor(program.base) as one, visitor(program.base) as two:
        await one.say("how do i track my violet parcel?", key="shared-key")
        await one.until(lambda body: body["author"] == "bot")
        answer = await two.say("hello there", key="shared-key")
        assert answer.status == 202
        await two.until(lambda body: body["author"] == "customer")
        assert not [b for b in two.shown if "violet" in b["text"]]


async def test_a_stream_resumes_without_loss_or_doubles(program: Program):
    async with visitor(program.base) as customer:
        await customer.say("how long does delivery take?")
        await customer.until(lambda body: body["author"] == "bot")
        seen = len(customer.shown)
        async with asyncio.TaskGroup() as group:
            again = group.create_task(customer.listen())  # resumes after the last id
            await customer.say("can i change my delivery address?")
            await customer.until(lambda b: b["author"] == "bot" and b not in customer.shown[:seen])
            again.cancel()
        keys = [body["key"] for body in customer.shown[:seen]]
    assert len(keys) == len(set(keys))


async def test_a_repeated_message_is_one_message(program: Program):
    async with visitor(program.base) as customer:
        first = await customer.say("how long does delivery take?", key="k1")
        second = await customer.say("how long does delivery take?", key="k1")
        await customer.until(lambda body: body["author"] == "bot")
        assert (await first.json(), await second.json()) == (
            {"duplicate": False},
            {"duplicate": True},
        )
        assert len([b for b in customer.shown if b["author"] == "customer"]) == 1


async def _asks_for_person(customer: Visitor, staff: Desk, about: str) -> str:
    await customer.say(about)
    await customer.until(lambda body: body["author"] == "bot" or "asked a person" in body["text"])
    await customer.say("can I talk to someone")
    await customer.hears("asked a person to join")
    return str((await staff.waiting(about))["id"])
