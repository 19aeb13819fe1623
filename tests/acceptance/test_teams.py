"""An employee asks in Teams and a person answers from a channel of it, over the whole program."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.teams import (
    APP,
    ISSUER,
    MENTION,
    PASSWORD,
    TENANT,
    Microsoft,
    activity,
    microsoft,
)
from tests.support.house import House, open_house
from tests.support.program import Program

pytestmark = pytest.mark.acceptance

ROOM = "19:oncall@thread.tacv2"
PATIENCE_S = 30
SETTINGS = f"""
[lines.it]
title = "the IT help desk"
kb = "it-helpdesk"
audience = "employees"
addresses = ["teams:{TENANT}"]
staff_room = {{channel = "teams", account = "{TENANT}", room = "{ROOM}"}}
"""


class Teams:
    """Clients of Teams, all of them: they post to the program, and see what the connector took."""

    def __init__(self, http: aiohttp.ClientSession, base: str, double: Microsoft) -> None:
        self._http = http
        self._url = f"{base}/teams/messages"
        self.double = double

    async def post(self, token: str | None = None, **fields: Any) -> tuple[int, Any]:
        signed = token or self.double.signer.token(self.double.service_url)
        head = {"Authorization": f"Bearer {signed}"}
        async with self._http.post(self._url, json=fields, headers=head) as answer:
            body = await answer.read()
            return answer.status, await answer.json() if body else None

    async def say(self, talk: str, text: str, *, by: str = "ada", **more: Any) -> None:
        who = {"id": f"29:{by}", "name": by.title(), "aadObjectId": by}
        kind = "channel" if talk.startswith("19:") else "personal"
        where = {"id": talk, "conversationType": kind, "tenantId": TENANT}
        fields = activity(self.double.service_url, talk=talk, key=secrets.token_hex(4), text=text)
        status, _ = await self.post(**(fields | {"from": who, "conversation": where} | more))
        assert status == 200

    async def press(self, talk: str, data: dict[str, Any], *, by: str) -> dict[str, Any]:
        fields = activity(self.double.service_url, talk=talk, key=secrets.token_hex(4), text="")
        fields |= {
            "type": "invoke",
            "name": "adaptiveCard/action",
            "from": {"id": f"29:{by}", "name": by.title(), "aadObjectId": by},
            "conversation": {"id": talk, "conversationType": "channel", "tenantId": TENANT},
            "value": {"action": {"type": "Action.Execute", "verb": "claim", "data": data}},
        }
        status, body = await self.post(**fields)
        assert status == 200
        assert isinstance(body, dict)
        return body

    async def hears(self, talk: str, words: str) -> dict[str, Any]:
        return await self.until(lambda one: one["talk"] == talk and words in one["text"])

    async def until(self, wanted: Any) -> dict[str, Any]:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    for one in self.double.sent:
                        if wanted(one):
                            return one
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"not shown: {self.double.sent}") from None


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture
async def double() -> AsyncIterator[Microsoft]:
    async with microsoft() as opened:
        yield opened


@pytest.fixture
async def program(house: House, double: Microsoft) -> AsyncIterator[Program]:
    (house.data / "careline.toml").write_text(SETTINGS)
    env = {
        "TEAMS_APP_ID": APP,
        "TEAMS_APP_PASSWORD": PASSWORD,
        "TEAMS_TENANT_ID": TENANT,
        "CARELINE_CHANNELS__TEAMS__OPENID_METADATA_URL": f"{double.url}/openid",
        "CARELINE_CHANNELS__TEAMS__ISSUER": ISSUER,
        "CARELINE_CHANNELS__TEAMS__LOGIN_URL": f"{double.url}/login",
        "CARELINE_CHANNELS__TEAMS__SERVICE_URL": double.service_url,
    }
    made = house.program(env=env, name="teams")
    running = await asyncio.to_thread(made.start)
    for who in ("grace", "linus"):
        at = f"teams:{TENANT}:{who}"
        added = ("staff", "add", who, "--name", who.title(), "--address", at)
        done = await asyncio.to_thread(running.command, *added)
        assert done.returncode == 0, done.stderr
    yield running
    assert await asyncio.to_thread(running.stop) == 0


@pytest.fixture
async def teams(program: Program, double: Microsoft) -> AsyncIterator[Teams]:
    async with aiohttp.ClientSession() as http:
        yield Teams(http, program.base, double)


def buttons(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The data of each button by its title."""
    return {one["title"]: one["data"] for one in card.get("actions", [])}


async def test_an_employee_is_answered_by_a_person(teams: Teams):
    await teams.say("a:ada", "how long does delivery take?")
    answer = await teams.until(lambda one: one["talk"] == "a:ada" and "entities" in one)
    assert answer["entities"][0]["additionalType"] == ["AIGeneratedContent"]
    await teams.say("a:ada", "can I talk to a person please")
    await teams.hears("a:ada", "I have asked a person to join")
    shown = await teams.until(lambda one: one["talk"] == ROOM and one.get("attachments"))
    thread = f"{ROOM};messageid={shown['id']}"
    claim = buttons(shown["attachments"][0]["content"])["Claim"]

    stranger = await teams.press(thread, claim, by="mallory")
    assert stranger["type"] == "application/vnd.microsoft.activity.message"
    verdict = await teams.press(thread, claim, by="grace")
    assert verdict["type"] == "application/vnd.microsoft.card.adaptive"
    assert "Release" in buttons(verdict["value"])
    again = await teams.press(thread, claim, by="grace")
    assert again["value"]["body"] == verdict["value"]["body"]
    late = await teams.press(thread, claim, by="linus")
    assert (late["type"], late["value"]) == (
        "application/vnd.microsoft.activity.message",
        "Grace has this conversation.",
    )
    await teams.until(
        lambda one: (
            one["id"] == shown["id"]
            and "Grace has" in one["attachments"][0]["content"]["body"][0]["text"]
        )
    )

    await teams.say(thread, "Hello Ada, I am looking into it.", by="grace")
    await teams.hears("a:ada", "Hello Ada, I am looking into it.")
    await teams.say(thread, "// she sounds upset", by="grace")
    await teams.say(thread, "I know better", by="linus")
    await teams.say("a:ada", "thank you, Grace")
    await teams.hears(thread, "thank you, Grace")
    resolve = buttons(verdict["value"])["Resolve"]
    resolved = await teams.press(thread, resolve, by="grace")
    assert not buttons(resolved["value"])
    heard = "\n".join(teams.double.shown("a:ada"))
    assert "upset" not in heard
    assert "better" not in heard


async def test_what_is_not_microsofts_gets_401(teams: Teams):
    for given in ("garbage", "a.b.c", "ä"):
        fields = activity(teams.double.service_url, talk="a:eve", key="9", text="hi")
        status, _ = await teams.post(given.encode().decode("latin-1"), **fields)
        assert status == 401


async def test_what_teams_sends_again_is_answered_once(teams: Teams):
    text = "how long does delivery take?"
    for _ in range(3):
        await teams.say("a:bob", text, by="bob", id="same")
    await teams.until(lambda one: one["talk"] == "a:bob" and "entities" in one)
    await teams.say("a:bob", "hello", by="bob")
    await teams.until(lambda one: one["talk"] == "a:bob" and one is not teams.double.sent[0])
    answers = [one for one in teams.double.sent if one["talk"] == "a:bob" and "[1]" in one["text"]]
    assert len(answers) == 1


async def test_a_channel_is_answered_in_its_thread(teams: Teams):
    thread = "19:general@thread.tacv2;messageid=100"
    called = {"entities": [MENTION]}
    await teams.say(thread, "nothing for the bot", by="eve")
    await teams.say(thread, "<at>Careline</at> how long does delivery take?", by="bob", **called)
    await teams.until(lambda one: one["talk"] == thread and "[1]" in one["text"])
    before = len(teams.double.shown(thread))
    await teams.say(thread, "can I change my email address?", by="bob")
    await teams.until(lambda _: len(teams.double.shown(thread)) > before)


async def test_trouble_of_one_conversation_is_its_own(teams: Teams):
    teams.double.gone.add("a:gone")
    teams.double.hanging.add("a:slow")
    for who in ("gone", "slow", "fine"):
        await teams.say(f"a:{who}", "how long does delivery take?", by=who)
    await teams.until(lambda one: one["talk"] == "a:fine" and "[1]" in one["text"])
    teams.double.freed.set()
    await teams.until(lambda one: one["talk"] == "a:slow" and "[1]" in one["text"])
    teams.double.failing = [(429, "1"), (503, ""), (412, "")]
    await teams.say("a:busy", "how long does delivery take?", by="busy")
    await teams.until(lambda one: one["talk"] == "a:busy" and "[1]" in one["text"])
    assert teams.double.shown("a:gone") == []
