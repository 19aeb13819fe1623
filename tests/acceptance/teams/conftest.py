"""The program connected to Microsoft's double, and the people who use Teams."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.teams import (
    APP,
    ISSUER,
    PASSWORD,
    TENANT,
    Microsoft,
    activity,
    microsoft,
)
from tests.support.house import House, open_house
from tests.support.program import Program

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

    async def press(
        self, talk: str, data: dict[str, Any], *, by: str, words: str | None = None
    ) -> dict[str, Any]:
        data = data if words is None else {**data, "words": words}
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


async def escalated(teams: Teams, talk: str, about: str, *, by: str) -> tuple[str, dict[str, Any]]:
    """Somebody asks for a person: the staff thread, and the message with the card."""
    await teams.say(talk, f"I want to talk to a person about {about}", by=by)
    shown = await teams.until(
        lambda one: (
            one["talk"] == ROOM and one.get("attachments") and about in str(one["attachments"])
        )
    )
    return f"{ROOM};messageid={shown['id']}", shown


def offered(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The buttons of the card as everybody sees it now."""
    return buttons(message["attachments"][0]["content"])
