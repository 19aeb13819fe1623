"""Customer and bot on WhatsApp and SMS, a person at the desk, redeliveries, and bad news."""

import asyncio
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest

from tests.contract.twilio.double import TwilioDouble, twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, PUBLIC, TOKEN, message, signed, status
from tests.support.house import House, open_house

pytestmark = pytest.mark.acceptance

ASKED, TOLD = "how long do i have to return something?", "30 days"
MESSAGES, AGAIN = 1000, 0.1
SETTINGS = """
[server]
public_url = "{public}"

[channels.twilio]
api_url = "{url}"

[lines.shop]
title = "the shop"
kb = "shop"
addresses = ["web:shop", "sms:{ours}", "whatsapp:{ours}"]
"""


@dataclass
class Scene:
    """What a test looks at."""

    base: str
    twilio: TwilioDouble
    http: httpx.AsyncClient

    async def tells(self, fields: Mapping[str, str], path: str = "/twilio/messages") -> int:
        """What Twilio gets for a webhook."""
        answer = await self.http.post(
            self.base + path,
            content=urlencode(fields),
            headers=signed(PUBLIC + path, fields),
        )
        return answer.status_code

    async def reads(self, number: str, part: str) -> str:
        """The message with these words, once a phone has got it."""

        def shown(twilio: TwilioDouble) -> str | None:
            return next((body for body in twilio.shown(number) if part in body), None)

        return str(await self.twilio.until(shown))


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock()
        yield opened


@pytest.fixture
async def scene(house: House) -> AsyncIterator[Scene]:
    async with twilio_double() as twilio, httpx.AsyncClient(timeout=30) as http:
        settings = SETTINGS.format(public=PUBLIC, url=twilio.url, ours=OURS)
        (house.data / "careline.toml").write_text(settings)
        with socket.socket() as free:  # it prints its public address, not where it listens
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        env = {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "CARELINE_SERVER__PORT": str(port),
        }
        program = house.program(env=env, name="twilio")
        await asyncio.to_thread(program.start)
        try:
            yield Scene(f"http://127.0.0.1:{port}", twilio, http)
        finally:
            await asyncio.to_thread(program.stop)


@pytest.mark.parametrize("whatsapp", [False, True], ids=["sms", "whatsapp"])
async def test_a_question_is_answered_where_it_was_asked(scene: Scene, *, whatsapp: bool):
    theirs = "+14155550111"
    said = message(ASKED, sid=f"SMask{whatsapp}", theirs=theirs, whatsapp=whatsapp)
    assert await scene.tells(said) == 200
    number = f"whatsapp:{theirs}" if whatsapp else theirs
    answer = await scene.reads(number, TOLD)
    assert "**" not in answer
    assert all(one["StatusCallback"] == f"{PUBLIC}/twilio/status" for one in scene.twilio.messages)


async def test_what_nobody_signed_is_refused(scene: Scene):
    bad = await scene.http.post(scene.base + "/twilio/messages", content=b"Body=hi")
    assert bad.status_code == 401
    theirs = "+14155550112"
    assert await scene.tells(message(ASKED, sid="SMafter", theirs=theirs)) == 200
    await scene.reads(theirs, TOLD)
    failed = status("SM1", "undelivered", code=30003, theirs=theirs)
    assert await scene.tells(failed, "/twilio/status") == 200
    asked = message("and how long does delivery take?", sid="SMmore", theirs=theirs)
    assert await scene.tells(asked) == 200
    await scene.reads(theirs, "working days")
    assert not any("Not delivered" in body for body in scene.twilio.shown(theirs))


async def test_three_quick_messages_of_one_thought_get_one_answer(scene: Scene):
    theirs = "+14155550113"
    for number, words in enumerate(("hey", "i want to return smth", "how long do i have")):
        said = message(words, sid=f"SMquick{number}", theirs=theirs, whatsapp=True)
        assert await scene.tells(said) == 200
    await scene.reads(f"whatsapp:{theirs}", TOLD)
    said = message("how long does delivery take?", sid="SMquick9", theirs=theirs, whatsapp=True)
    assert await scene.tells(said) == 200
    await scene.reads(f"whatsapp:{theirs}", "working days")
    told = scene.twilio.shown(f"whatsapp:{theirs}")
    assert sum(TOLD in body for body in told) == 1
    assert len(told) == 3  # the greeting, and two answers
    assert {"SMquick2", "SMquick9"} <= set(scene.twilio.typed)  # read, and being answered


@pytest.mark.parametrize("words", ["STOP", "please stop texting me"])
async def test_who_wants_no_more_gets_no_more_until_they_say_so(scene: Scene, words: str):
    theirs = f"+1415555012{len(words) % 10}"
    sid = f"SMstop{len(words)}"
    assert await scene.tells(message(ASKED, sid=f"{sid}a", theirs=theirs)) == 200
    await scene.reads(theirs, TOLD)
    before = len(scene.twilio.shown(theirs))
    assert await scene.tells(message(words, sid=f"{sid}b", theirs=theirs)) == 200
    confirms = int(words != "STOP")  # Twilio confirms its own word itself
    if confirms:
        await scene.reads(theirs, "no more messages")
    for number, more in enumerate((ASKED, "yes", "how can i pay?")):
        assert await scene.tells(message(more, sid=f"{sid}c{number}", theirs=theirs)) == 200
    other = f"{theirs[:-2]}3{len(words) % 10}"
    assert await scene.tells(message(ASKED, sid=f"{sid}d", theirs=other)) == 200
    await scene.reads(other, TOLD)
    assert len(scene.twilio.shown(theirs)) == before + confirms
    assert await scene.tells(message("START", sid=f"{sid}e", theirs=theirs)) == 200
    back = message("how long does delivery take?", sid=f"{sid}f", theirs=theirs)
    assert await scene.tells(back) == 200
    await scene.reads(theirs, "working days")


async def test_a_thousand_with_a_tenth_redelivered_are_answered_once_each(scene: Scene):
    picked = random.Random(6)  # noqa: S311  a test's dice
    sent = [
        message(
            ASKED, sid=f"SM{number:032}", theirs=f"+1415555{number:04}", whatsapp=number % 2 > 0
        )
        for number in range(2000, 2000 + MESSAGES)
    ]
    sent += [one for one in sent if picked.random() < AGAIN]
    picked.shuffle(sent)
    few = asyncio.Semaphore(20)

    async def send(fields: Mapping[str, str]) -> None:
        async with few:
            assert await scene.tells(fields) == 200

    async with asyncio.TaskGroup() as group:
        for fields in sent:
            group.create_task(send(fields))

    def answers() -> Counter[str]:
        return Counter(one["To"] for one in scene.twilio.messages if TOLD in one["Body"])

    await scene.twilio.until(lambda _twilio: len(answers()) == MESSAGES, patience_s=120)
    assert set(answers().values()) == {1}
