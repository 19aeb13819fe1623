"""Employee, bot and person on call, all in Slack, over both transports; and a web customer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.slack.client import ByHttp, BySocket, Member, Transport, buttons, words
from tests.contract.slack.double import APP_TOKEN, TOKEN, SlackDouble, slack_double
from tests.contract.slack.events import SECRET
from tests.support.house import House, open_house
from tests.support.program import Program
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

CALL = "C0CALL"
SETTINGS = """
[channels.slack]
base_url = "{url}"

[lines.shop]
title = "the shop"
kb = "shop"
addresses = ["web:shop", "slack:T0CARE"]
staff_room = {{channel = "slack", account = "T0CARE", room = "C0CALL"}}
"""


@dataclass
class Scene:
    """A program that is connected to a workspace, and the people there."""

    program: Program
    slack: SlackDouble
    ann: Member
    ada: Member
    bob: Member

    async def card(self, why: str = "") -> dict[str, Any]:
        """The card in the staff channel."""

        def shown(slack: SlackDouble) -> dict[str, Any] | None:
            cards = [m for m in slack.shown(CALL) if buttons(m) and not m.get("thread_ts")]
            return next((m for m in cards if why in words(m)), None)

        found: dict[str, Any] = await self.slack.until(shown)
        return found

    async def reads(self, channel: str, part: str, thread: str | None = None) -> dict[str, Any]:
        """The message with these words, once it is there."""

        def shown(slack: SlackDouble) -> dict[str, Any] | None:
            return next((m for m in slack.shown(channel, thread) if part in words(m)), None)

        found: dict[str, Any] = await self.slack.until(shown)
        return found


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock()
        yield opened


@pytest.fixture(params=["http", "socket"])
async def scene(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with slack_double() as slack:
        slack.users = {
            "U0ANN": {"name": "ann", "profile": {"display_name": "Ann"}, "tz": "Europe/Paris"},
            "U0ADA": {"name": "ada", "profile": {"display_name": "Ada"}},
        }
        (house.data / "careline.toml").write_text(SETTINGS.format(url=slack.url))
        given = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}
        if request.param == "socket":
            given["SLACK_APP_TOKEN"] = APP_TOKEN
        program = house.program(env=given, name=f"slack-{request.param}")
        await asyncio.to_thread(program.start)
        added = ("staff", "add", "ada", "--name", "Ada", "--address", "slack:T0CARE:U0ADA")
        await asyncio.to_thread(program.command, *added)
        transport: Transport = ByHttp(f"{program.base}/slack/events")
        if request.param == "socket":
            await slack.sockets.connected()
            transport = BySocket(slack)
        people = [Member(slack, transport, user) for user in ("U0ANN", "U0ADA", "U0BOB")]
        yield Scene(program, slack, *people)
        await asyncio.to_thread(program.stop)


async def test_an_employee_asks_alone_and_in_a_channel(scene: Scene):
    await scene.ann.says("how long do i have to return something?", "D0ANN")
    answer = await scene.reads("D0ANN", "30 days")
    assert "shop.example" in words(answer)
    assert answer["metadata"]["event_payload"]["made_by_ai"] is True
    asked = await scene.ann.says("<@U0BOT> how long does delivery take?", "C0HELP", mention=True)
    await scene.reads("C0HELP", "working days", asked)
    await scene.bob.says("and to other countries?", "C0HELP", thread=asked)
    await scene.bob.says("how can i cancel my order?", "C0HELP", thread=asked)
    await scene.reads("C0HELP", "cancel", asked)
    await scene.bob.says("a word among colleagues", "C0HELP")
    answers = [m for m in scene.slack.shown("C0HELP") if "2 to 4 working days" in words(m)]
    assert len(answers) == 1
    assert all(m.get("thread_ts") == asked for m in scene.slack.shown("C0HELP"))


async def test_a_person_claims_talks_and_hands_back_in_the_thread(scene: Scene):
    await scene.ann.says("I want to talk to a person about the gold kettle", "D0ANN")
    card = await scene.card("gold kettle")
    thread = card["ts"]
    await scene.bob.presses("Claim", card)
    await scene.slack.until(lambda slack: [m for m in slack.private if m["to"] == "U0BOB"])
    await scene.ada.presses("Claim", card)
    await scene.reads("D0ANN", "has joined")
    await scene.ann.says("are you <!channel> real?", "D0ANN")
    passed = await scene.reads(CALL, "are you", thread)
    assert "<!" not in words(passed)
    assert passed["username"] == "Ann"
    told = await scene.ada.says("I am *real*.", CALL, thread=thread)
    heard = await scene.reads("D0ANN", "I am *real*.")
    assert heard["username"] == "Ada"
    mark = {"channel": CALL, "timestamp": told, "name": "white_check_mark"}
    await scene.slack.until(lambda slack: mark in slack.reactions)
    await scene.ada.says("// a word among us", CALL, thread=thread)
    await scene.bob.says("I would say no", CALL, thread=thread)
    shown = await scene.slack.until(lambda _slack: "Hand back to the bot" in labels(card) and card)
    await scene.ada.presses("Hand back to the bot", shown)
    await scene.slack.until(lambda _slack: not labels(card))
    await scene.ann.says("how long does delivery take?", "D0ANN")
    await scene.reads("D0ANN", "working days")
    everything = "\n".join(words(m) for m in scene.slack.shown("D0ANN"))
    assert "among us" not in everything
    assert "I would say no" not in everything


async def test_a_web_customer_talks_with_a_person_in_slack(scene: Scene):
    async with visitor(scene.program.base) as customer:
        await customer.say("can I talk to a person about my red umbrella please")
        card = await scene.card("red umbrella")
        await scene.ada.presses("Claim", card)
        await customer.hears("has joined")
        await customer.say("it is broken")
        await scene.reads(CALL, "it is broken", card["ts"])
        await scene.ada.says("We send a new one.", CALL, thread=card["ts"])
        await customer.hears("We send a new one.", author="staff")


def labels(message: dict[str, Any]) -> list[str]:
    """What can be pressed under a message."""
    return [button["text"]["text"] for button in buttons(message)]
