"""The whole program against `emulate`, a Twilio that is not ours: Messages, numbers, webhooks.

It signs what it tells by an implementation of its own, so both sides of our proof are tried. It has
no Content API, no Typing indicator and no WhatsApp senders: menus stay numbered there, and a number
of WhatsApp is one like any other. It knows no opt-outs, no window and no limits of rate, and it
ignores `DateSent` when it lists messages.
"""

import asyncio
import json
import re
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import pytest

from tests.chaos.replicas import free_port
from tests.support.desk import Desk, desk
from tests.support.house import House, open_house
from tests.support.program import Program

pytestmark = pytest.mark.real

Json: TypeAlias = dict[str, Any]
NPM = Path(__file__).parents[2] / ".careline" / "npm" / "node_modules"
ACCOUNT, TOKEN, OURS = "AC" + "5" * 32, "e" * 32, "+15005550006"
SETTINGS = """
[server]
public_url = "{ours}"

[channels.twilio]
api_url = "{url}"

[lines.shop]
title = "the shop"
kb = "shop"
addresses = ["web:shop", "sms:{number}", "whatsapp:{number}"]
"""
_PATIENCE_S = 30


def seed(ours: str) -> Json:
    webhooks = {"sms_url": f"{ours}/twilio/messages", "sms_method": "POST"}
    numbers = [{"phone_number": number, **webhooks} for number in (OURS, f"whatsapp:{OURS}")]
    account = {"sid": ACCOUNT, "auth_token": TOKEN, "friendly_name": "The shop"}
    return {"twilio": {"account": account, "phone_numbers": numbers}}


@dataclass
class Emulated:
    """Twilio there, and what people with phones do."""

    url: str
    http: aiohttp.ClientSession

    async def post(self, path: str, **fields: str) -> Json:
        async with self.http.post(self.url + path, data=fields) as answer:
            found: Json = await answer.json()
            assert answer.status < 300, found
        return found

    async def writes(self, phone: str, body: str) -> None:
        """Sent there; it tells the program, with a signature of its own."""
        ours = f"whatsapp:{OURS}" if phone.startswith("whatsapp:") else OURS
        await self.post("/_twilio/simulate/inbound-message", To=ours, From=phone, Body=body)

    async def messages(self, phone: str) -> list[Json]:
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        async with self.http.get(self.url + path, params={"To": phone}) as answer:
            found: list[Json] = (await answer.json())["messages"]
        return found

    async def reads(self, phone: str, part: str) -> Json:
        """The message with these words, once it is there."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:  # it tells nobody but us when something is sent
                for one in await self.messages(phone):
                    if part in (one["body"] or ""):
                        return one
                await asyncio.sleep(0.1)

    async def becomes(self, message: Json, status: str) -> None:
        fields = {"MessageSid": message["sid"], "Status": status}
        await self.post("/_twilio/simulate/message-status", **fields)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock()
        yield opened


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def emulated(tmp_path: Path, port: int) -> AsyncIterator[Emulated]:
    (tmp_path / "seed.json").write_text(json.dumps(seed(f"http://127.0.0.1:{port}")))
    node, there = next(NPM.glob("node-linux-*/bin/node")), free_port()
    command = (node, NPM / "emulate/dist/index.js", "--service", "twilio", "--port", str(there))
    process = await asyncio.create_subprocess_exec(
        *command, "--seed", tmp_path / "seed.json", stdout=DEVNULL, cwd=tmp_path
    )
    try:
        proof = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
        async with aiohttp.ClientSession(headers=proof) as http:
            made = Emulated(f"http://127.0.0.1:{there}", http)
            await _ready(made)
            yield made
    finally:
        process.terminate()
        await process.wait()


async def _ready(emulated: Emulated) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            await emulated.messages("nobody")
        except aiohttp.ClientError:
            assert time.monotonic() < until, "emulate does not start"
            await asyncio.sleep(0.1)
        else:
            return


@pytest.fixture
async def program(house: House, emulated: Emulated, port: int) -> AsyncIterator[Program]:
    ours = f"http://127.0.0.1:{port}"
    settings = SETTINGS.format(ours=ours, url=emulated.url, number=OURS)
    (house.data / "careline.toml").write_text(settings)
    env = {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "CARELINE_SERVER__PORT": str(port),
    }
    made = house.program(env=env, name="twilio-emulate")
    await asyncio.to_thread(made.start)
    try:
        yield made
    finally:
        await asyncio.to_thread(made.stop)


async def test_customer_bot_and_person(emulated: Emulated, program: Program):
    await asyncio.to_thread(program.command, "staff", "add", "ada", "--name", "Ada")
    told = await asyncio.to_thread(program.command, "staff", "link", "ada")
    link = re.search(r"http\S+login\?token=\S+", told.stdout)
    assert link is not None, told.stdout + told.stderr
    async with desk(link[0]) as ada:
        for phone in ("+14155550301", "whatsapp:+14155550301"):
            await emulated.writes(phone, "how long do i have to return something?")
            await emulated.reads(phone, "30 days")
            about = f"lamp {phone[:4]}"
            await emulated.writes(phone, f"I want to talk to a person about the {about}")
            handoff = (await ada.waiting(about))["id"]
            assert (await ada.act(handoff, "claim"))[0] == 200
            await emulated.reads(phone, "has joined")
            await emulated.writes(phone, "are you real?")
            await ada.reads(handoff, "are you real?")
            await _replies(ada, handoff, "I am real.", "a")
            said = await emulated.reads(phone, "I am real.")
            await emulated.becomes(said, "delivered")
            await _told(ada, handoff, "Delivered")
            await _replies(ada, handoff, "Are you there?", "b")
            lost = await emulated.reads(phone, "Are you there?")
            await emulated.becomes(lost, "undelivered")
            await ada.reads(handoff, "Not delivered")
            assert (await ada.act(handoff, "resolve"))[0] == 200


async def _replies(ada: Desk, handoff: str, text: str, key: str) -> None:
    status, answer = await ada.post(f"/handoffs/{handoff}/reply", {"text": text, "key": key})
    assert status in (200, 202), answer


async def _told(ada: Desk, handoff: str, words: str) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while (await ada.reads(handoff, "I am real."))["delivery"]["text"] != words:  # noqa: ASYNC110  it is asked for
            await asyncio.sleep(0.05)
