"""Customers on phones and people in Slack and at the desk: both ways, and when phones refuse."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.acceptance.slack.scene import CALL
from tests.acceptance.twilio.scene import Phone, Scene, open_scene
from tests.support.desk import desk
from tests.support.house import House, open_house

pytestmark = pytest.mark.acceptance

ASKED, TOLD = "how long do i have to return something?", "30 days"
PNG, PDF = b"\x89PNG\r\n\x1a\n" + b"0" * 64, b"%PDF-1.4 a form"
MISSED = 40
BETWEEN = "refund or exchange"
PHONES = pytest.mark.parametrize("whatsapp", [False, True], ids=["sms", "whatsapp"])


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock()
        yield opened


@pytest.fixture(scope="module")
def dice() -> random.Random:
    return random.Random(6)  # noqa: S311  a test's dice


@pytest.fixture
async def scene(house: House) -> AsyncIterator[Scene]:
    async with open_scene(house, "people") as opened:
        yield opened


async def called(scene: Scene, phone: Phone, about: str) -> str:
    """The customer asks for a person, and Ada takes it; the thread of that."""
    await phone.writes(f"can I talk to a person about my {about} please")
    card = await scene.card(about)
    await scene.ada.presses("Claim", card)
    await phone.reads("has joined")
    return str(card["ts"])


async def ended(scene: Scene, about: str) -> None:
    """Nothing is left over for the next test: the house is the same."""
    card = await scene.card(about)
    await scene.ada.presses("Resolve", card)


@PHONES
async def test_a_customer_the_bot_and_a_person_in_slack(
    scene: Scene, dice: random.Random, *, whatsapp: bool
):
    phone = scene.phone("+14155550201", whatsapp=whatsapp)
    about = f"kettle {whatsapp}"
    await phone.writes(ASKED)
    await phone.reads(TOLD)
    thread = await called(scene, phone, about)
    await phone.writes("it drips")
    await scene.reads("it drips", thread)
    said = await scene.ada.says("We send a new one.", CALL, thread=thread)
    assert await phone.reads("We send a new one.") == "Ada: We send a new one."
    await scene.tells_what_became(dice)
    sign = "eyes" if whatsapp else "white_check_mark"
    await scene.marked(said, sign)
    card = await scene.card(about)
    await scene.ada.presses("Hand back to the bot", card)
    await phone.writes("how long does delivery take?")
    await phone.reads("working days")
    everything = "\n".join(phone.shown())
    assert "kettle" not in everything.replace("talk", "")


@PHONES
async def test_a_person_at_the_desk(scene: Scene, dice: random.Random, *, whatsapp: bool):
    phone = scene.phone("+14155550202", whatsapp=whatsapp)
    about = f"toaster {whatsapp}"
    async with desk(await scene.desk_link()) as ada:
        await phone.writes(f"can I talk to a person about my {about} please")
        handoff = (await ada.waiting(about))["id"]
        assert (await ada.act(handoff, "claim"))[0] == 200
        status, _ = await ada.post(
            f"/handoffs/{handoff}/reply", {"text": "Which model?", "key": "k1"}
        )
        assert status in (200, 202)
        await phone.reads("Which model?")
        await scene.tells_what_became(dice)
        wanted = "Read" if whatsapp else "Delivered"
        async with asyncio.timeout(20):
            while True:
                line = await ada.reads(handoff, "Which model?")
                if line["delivery"]["text"] == wanted:
                    break
        await phone.writes("the red one")
        await ada.reads(handoff, "the red one")
        assert (await ada.act(handoff, "resolve"))[0] == 200


@pytest.mark.parametrize("typed", [None, "2", "the second"])
async def test_buttons_are_pressed_or_typed(scene: Scene, typed: str | None):
    phone = scene.phone(f"+1415555021{len(typed or '')}", whatsapp=True)
    await phone.writes(BETWEEN)
    menu = await phone.offered()
    label = menu["options"][1][0]
    if typed is None:
        await phone.presses(label)
    else:
        await phone.writes(typed)
    answered = await phone.after(menu)
    assert answered["Body"] != menu["Body"]


async def test_what_a_phone_refuses_is_told_in_the_thread(scene: Scene, dice: random.Random):
    phone = scene.phone("+14155550203", whatsapp=True)
    thread = await called(scene, phone, "lamp")
    for blocked, code, words in (
        (scene.twilio.late, "63016", "Too late for free words"),
        (scene.twilio.blocking, "63024", "You do not want to hear this"),
    ):
        before = scene.twilio.calls["create"]
        blocked.add(phone.number)
        said = await scene.ada.says(words, CALL, thread=thread)
        await scene.undelivered(code)
        await scene.tells_what_became(dice)
        told = await scene.reads(code, thread)
        assert "Not delivered to the customer" in str(told)
        await scene.marked(said, "warning")
        assert scene.twilio.calls["create"] == before + 1
        blocked.clear()
    assert not any("Not delivered" in body for body in phone.shown())
    await ended(scene, "lamp")


async def test_who_stops_in_the_middle_of_a_talk_is_left_alone(scene: Scene):
    phone = scene.phone("+14155550204", whatsapp=False)
    thread = await called(scene, phone, "clock")
    before = phone.shown()
    await phone.writes("STOP")
    await scene.reads("asked that nothing more be sent", thread)
    await scene.ada.says("But your clock!", CALL, thread=thread)
    await scene.reads("Only they can take that back", thread)
    assert phone.shown() == before
    await phone.writes("START")
    await scene.reads("may be written to again", thread)
    await scene.ada.says("Your clock is ready.", CALL, thread=thread)
    await phone.reads("Your clock is ready.")
    scene.twilio.opted_out.add(phone.number)  # told to Twilio alone, by another number of ours
    await scene.ada.says("Shall we send it?", CALL, thread=thread)
    await scene.reads("21610", thread)
    scene.twilio.opted_out.clear()
    await ended(scene, "clock")


async def test_files_pass_both_ways(scene: Scene):
    phone = scene.phone("+14155550205", whatsapp=True)
    thread = await called(scene, phone, "fork")
    sid = "SMfile" + phone.number[1:]
    url = scene.twilio.media_url(sid, "ME1", PNG)
    await phone.writes(
        "this one", sid=sid, NumMedia="1", MediaUrl0=url, MediaContentType0="image/png"
    )
    passed = await scene.reads("this one", thread)
    assert [one["content"] for one in passed["files"]] == [PNG]
    form = scene.slack.files.attach("form.pdf", PDF)
    await scene.ada.says("Please sign", CALL, thread=thread, files=[form])
    await phone.reads("Please sign")
    (link,) = scene.twilio.messages[-1]["MediaUrls"]
    given = await scene.http.get(link)
    assert (given.status_code, given.content) == (200, PDF)
    assert given.headers["content-type"] == "application/pdf"
    await ended(scene, "fork")


async def test_twilios_limits_are_kept_and_nothing_is_lost(scene: Scene):
    scene.twilio.per_s = 8
    phones = [scene.phone(f"+141555504{number:02}", whatsapp=False) for number in range(20)]
    for phone in phones:
        await phone.writes(ASKED)
    for phone in phones:
        await phone.reads(TOLD)
    assert scene.twilio.refused > 0
    assert {sum(TOLD in body for body in phone.shown()) for phone in phones} == {1}


async def test_what_was_written_while_we_were_away_is_answered_once_each(
    scene: Scene, dice: random.Random
):
    phones = [
        scene.phone(f"+141555503{number:02}", whatsapp=number % 2 > 0) for number in range(MISSED)
    ]
    await phones[0].writes(ASKED)
    await phones[0].reads(TOLD)
    await asyncio.to_thread(scene.program.kill)
    for phone in phones[1:]:
        await phone.writes(ASKED, told=False)
    await asyncio.to_thread(scene.program.start)
    for phone in phones:
        if dice.random() < 0.3:
            assert await scene.tells(phone.written[0]) == 200

    def answers() -> Counter[str]:
        return Counter(one["To"] for one in scene.twilio.messages if TOLD in one["Body"])

    await scene.twilio.until(
        lambda _twilio: all(answers()[phone.address] for phone in phones), patience_s=60
    )
    assert {answers()[phone.address] for phone in phones} == {1}
