"""The whole program against `emulate`, a Slack that is not ours: the Web API as far as it goes.

It knows tokens, scopes, channels and threads. Methods that Slack's own client asks for with GET
(`users.info`, `conversations.list`) it does not know, so nobody has a name there. It has no event
subscriptions that can be set from outside, no Socket Mode, no interactions and no slash commands,
no `users.conversations`, no assistant threads, and no limits of rate: what people do there is
posted with their own tokens, and told to the program as Slack's signed events.
"""

import asyncio
import json
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import pytest

from tests.chaos.replicas import free_port
from tests.contract.slack import events
from tests.contract.slack.client import ByHttp, buttons, words
from tests.support.house import House, open_house

pytestmark = pytest.mark.real

Json: TypeAlias = dict[str, Any]
NPM = Path(__file__).parents[2] / ".careline" / "npm" / "node_modules"
BOT, ADA = "xoxb-care", "xoxp-ada"
SCOPES = (
    *("channels:history", "channels:read", "chat:write", "files:read", "files:write"),
    *("groups:history", "groups:read", "im:history", "im:read", "im:write"),
    *("reactions:write", "users:read", "users:read.email"),
)
SETTINGS = """
[channels.slack]
base_url = "{url}"

[lines.shop]
title = "the shop"
kb = "shop"
addresses = ["slack:{team}"]
staff_room = {{channel = "slack", account = "{team}", room = "{call}"}}
"""
_PATIENCE_S = 30


def seed() -> Json:
    token = {"type": "bot", "app_id": "A0CARE", "bot_id": "B0CARE", "bot_user_id": "U0CARE"}
    app = {
        "client_id": "1.2",
        "client_secret": "3f0c",
        "app_id": "A0CARE",
        "name": "Careline",
        "bot_id": "B0CARE",
        "bot_user_id": "U0CARE",
        "bot_name": "careline",
        "redirect_uris": ["http://127.0.0.1/slack/oauth_redirect"],
        "scopes": list(SCOPES),
    }
    people = [{"name": n, "real_name": n.title(), "email": f"{n}@example.org"} for n in PEOPLE]
    tokens = [{"token": f"xoxp-{n}", "type": "user", "user": n} for n in PEOPLE]
    return {
        "slack": {
            "strict_scopes": True,
            "users": people,
            "channels": [{"name": "on-call"}],
            "oauth_apps": [app],
            "tokens": [{**token, "token": BOT, "user": "U0CARE", "scopes": list(SCOPES)}, *tokens],
        }
    }


PEOPLE = ("ann", "ada")


@dataclass
class Emulated:
    """The workspace there, and what people do in it."""

    url: str
    http: aiohttp.ClientSession
    team: str = ""
    call: str = ""
    ids: dict[str, str] | None = None
    way: ByHttp | None = None

    async def api(self, method: str, token: str = BOT, **fields: Any) -> Json:
        proof = {"Authorization": f"Bearer {token}"}
        async with self.http.post(self.url + method, json=fields, headers=proof) as answer:
            found: Json = await answer.json()
        assert found.get("ok"), (method, found)
        return found

    async def begin(self) -> None:
        self.team = (await self.api("auth.test"))["team_id"]
        users = (await self.api("users.list"))["members"]
        self.ids = {one["name"]: one["id"] for one in users}
        rooms = (await self.api("conversations.list"))["channels"]
        self.call = next(one["id"] for one in rooms if one["name"] == "on-call")
        await self.api("conversations.join", ADA, channel=self.call)
        await self.api("conversations.invite", ADA, channel=self.call, users="U0CARE")

    async def says(self, who: str, text: str, room: str, thread: str | None = None) -> str:
        """Written there, and told to the program."""
        assert self.ids is not None
        assert self.way is not None
        more = {"thread_ts": thread} if thread else {}
        said = await self.api("chat.postMessage", f"xoxp-{who}", channel=room, text=text, **more)
        ts, user = said["ts"], self.ids[who]
        event = events.message(text, user=user, channel=room, ts=ts, thread=thread)
        await self.way.event(event | {"team": self.team})
        return str(ts)

    async def reads(self, room: str, part: str, thread: str | None = None) -> Json:
        """The message of ours with these words, once it is there."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:  # it tells nobody when something is written
                method = "conversations.replies" if thread else "conversations.history"
                more = {"ts": thread} if thread else {}
                found = (await self.api(method, channel=room, **more))["messages"]
                for one in found:
                    if part in words(one) and one.get("user") == "U0CARE":
                        return {**one, "channel": room}
                await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock()
        yield opened


@pytest.fixture
async def emulated(tmp_path: Path) -> AsyncIterator[Emulated]:
    (tmp_path / "seed.json").write_text(json.dumps(seed()))
    node = next(NPM.glob("node-linux-*/bin/node"))
    port = free_port()
    command = (node, NPM / "emulate/dist/index.js", "--service", "slack", "--port", str(port))
    process = await asyncio.create_subprocess_exec(
        *command, "--seed", tmp_path / "seed.json", stdout=DEVNULL, cwd=tmp_path
    )
    try:
        async with aiohttp.ClientSession() as http:
            made = Emulated(f"http://127.0.0.1:{port}/api/", http)
            await _ready(made)
            await made.begin()
            yield made
    finally:
        process.terminate()
        await process.wait()


async def _ready(emulated: Emulated) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            await emulated.api("auth.test")
        except aiohttp.ClientError:
            assert time.monotonic() < until, "emulate does not start"
            await asyncio.sleep(0.1)
        else:
            return


async def test_employee_bot_and_person(house: House, emulated: Emulated):
    team, call = emulated.team, emulated.call
    settings = SETTINGS.format(url=emulated.url, team=team, call=call)
    (house.data / "careline.toml").write_text(settings)
    env = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": events.SECRET}
    program = house.program(env=env, name="slack-emulate")
    await asyncio.to_thread(program.start)
    try:
        assert emulated.ids is not None
        ada = f"slack:{team}:{emulated.ids['ada']}"
        added = ("staff", "add", "ada", "--name", "Ada", "--address", ada)
        await asyncio.to_thread(program.command, *added)
        emulated.way = ByHttp(f"{program.base}/slack/events")
        await journey(emulated, call)
    finally:
        await asyncio.to_thread(program.stop)


async def journey(emulated: Emulated, call: str) -> None:
    assert emulated.ids is not None
    assert emulated.way is not None
    ann, ada = emulated.ids["ann"], emulated.ids["ada"]
    home = (await emulated.api("conversations.open", users=ann))["channel"]["id"]
    await emulated.says("ann", "how long do i have to return something?", home)
    answer = await emulated.reads(home, "30 days")
    assert answer["metadata"]["event_payload"]["made_by_ai"] is True
    await emulated.says("ann", "I want to talk to a person about the red lamp", home)
    card = await emulated.reads(call, "red lamp")
    claim = next(one for one in buttons(card) if one["text"]["text"] == "Claim")
    await emulated.way.interaction(events.press(claim, card, user=ada))
    await emulated.reads(home, "has joined")
    await emulated.says("ann", "are you real?", home)
    await emulated.reads(call, "are you real?", card["ts"])
    await emulated.says("ada", "I am real.", call, card["ts"])
    await emulated.reads(home, "I am real.")
    await emulated.way.event(events.home_opened(ann, home))
    again = await emulated.reads(call, "red lamp")
    resolve = next(one for one in buttons(again) if one["text"]["text"] == "Resolve")
    await emulated.way.interaction(events.press(resolve, again, user=ada, at="1772442101.1"))
    async with asyncio.timeout(_PATIENCE_S):
        while buttons(await emulated.reads(call, "red lamp")):  # noqa: ASYNC110  as above
            await asyncio.sleep(0.1)
