"""A program connected to a workspace on loopback, and the people there."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.contract.slack.client import ByHttp, BySocket, Member, Transport, buttons, words
from tests.contract.slack.double import APP_TOKEN, TOKEN, SlackDouble, slack_double
from tests.contract.slack.events import SECRET
from tests.support.house import House
from tests.support.program import Program

CALL = "C0CALL"
USERS = {
    "U0ANN": {"name": "ann", "profile": {"display_name": "Ann"}, "tz": "Europe/Paris"},
    "U0ADA": {"name": "ada", "profile": {"display_name": "Ada"}},
}
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
    """What a test looks at."""

    program: Program
    slack: SlackDouble
    transport: Transport
    ann: Member
    ada: Member
    bob: Member

    async def card(self, why: str) -> dict[str, Any]:
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


def environment(transport: str) -> Mapping[str, str]:
    """The secrets that say how events come."""
    given = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    return given | ({"SLACK_APP_TOKEN": APP_TOKEN} if transport == "socket" else {})


@asynccontextmanager
async def open_scene(
    house: House, transport: str, name: str, settings: str = SETTINGS
) -> AsyncIterator[Scene]:
    """The program runs, is connected, and has one member of staff."""
    async with slack_double() as slack:
        slack.users = dict(USERS)
        (house.data / "careline.toml").write_text(settings.format(url=slack.url))
        program = house.program(env=environment(transport), name=f"slack-{name}-{transport}")
        await add_staff(program, "ada", "Ada", "U0ADA")  # on call as soon as it runs
        await asyncio.to_thread(program.start)
        way: Transport = ByHttp(f"{program.base}/slack/events")
        if transport == "socket":
            await slack.sockets.connected()
            way = BySocket(slack)
        people = [Member(slack, way, user) for user in ("U0ANN", "U0ADA", "U0BOB")]
        try:
            yield Scene(program, slack, way, *people)
        finally:
            await asyncio.to_thread(program.stop)


async def add_staff(program: Program, person: str, name: str, user: str) -> None:
    """Somebody may handle every line, known by their Slack user."""
    added = ("staff", "add", person, "--name", name, "--address", f"slack:T0CARE:{user}")
    await asyncio.to_thread(program.command, *added)
