"""A program connected to Twilio and to a Slack workspace on loopback, and people with phones."""

import asyncio
import random
import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.acceptance.slack.scene import CALL, USERS, add_staff
from tests.contract.slack.client import ByHttp, Member, buttons, words
from tests.contract.slack.double import TOKEN as SLACK_TOKEN
from tests.contract.slack.double import SlackDouble, slack_double
from tests.contract.slack.events import SECRET
from tests.contract.twilio.double import TwilioDouble, twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, TOKEN, message, signed
from tests.support.house import House
from tests.support.program import Program

SETTINGS = """
[server]
public_url = "{public}"

[channels.twilio]
api_url = "{twilio}"

[channels.slack]
base_url = "{slack}"

[lines.shop]
title = "the shop"
kb = "shop"
addresses = ["web:shop", "sms:{ours}", "whatsapp:{ours}"]
staff_room = {{channel = "slack", account = "T0CARE", room = "C0CALL"}}
"""


@dataclass
class Scene:
    """What a test looks at. `base` is where the program is."""

    base: str
    program: Program
    twilio: TwilioDouble
    slack: SlackDouble
    ada: Member
    http: httpx.AsyncClient
    count: int = 0

    async def tells(self, fields: Mapping[str, str], path: str = "/twilio/messages") -> int:
        """What Twilio gets for a webhook."""
        answer = await self.http.post(
            self.base + path, content=urlencode(fields), headers=signed(self.base + path, fields)
        )
        return answer.status_code

    async def tells_what_became(self, dice: random.Random) -> None:
        """Every callback that is owed, late, twice and out of order."""
        owed, self.twilio.owed = self.twilio.owed * 2, []
        dice.shuffle(owed)
        for fields in owed:
            assert await self.tells(fields, "/twilio/status") == 200

    async def desk_link(self) -> str:
        """Where Ada signs in at the desk."""
        told = await asyncio.to_thread(self.program.command, "staff", "link", "ada")
        found = re.search(r"http\S+login\?token=\S+", told.stdout)
        assert found is not None, told.stdout + told.stderr
        return found[0]

    def phone(self, number: str, *, whatsapp: bool) -> "Phone":
        return Phone(self, number, whatsapp)

    async def card(self, why: str) -> dict[str, Any]:
        """The card in the staff channel."""

        def shown(slack: SlackDouble) -> dict[str, Any] | None:
            cards = [m for m in slack.shown(CALL) if buttons(m) and not m.get("thread_ts")]
            return next((m for m in cards if why in words(m)), None)

        found: dict[str, Any] = await self.slack.until(shown)
        return found

    async def undelivered(self, code: str) -> None:
        """Wait until Twilio knows of a message that it could not deliver."""

        def known(twilio: TwilioDouble) -> bool:
            return any(one.get("ErrorCode") == code for one in twilio.owed)

        await self.twilio.until(known)

    async def marked(self, message: str, sign: str) -> None:
        """Wait for a sign under a message in the staff channel."""
        mark = {"channel": CALL, "timestamp": message, "name": sign}
        await self.slack.until(lambda slack: mark in slack.reactions)

    async def reads(self, part: str, thread: str) -> dict[str, Any]:
        """The message in a staff thread with these words, once it is there."""

        def shown(slack: SlackDouble) -> dict[str, Any] | None:
            return next((m for m in slack.shown(CALL, thread) if part in words(m)), None)

        found: dict[str, Any] = await self.slack.until(shown)
        return found


@dataclass
class Phone:
    """Somebody's phone; what they write is on Twilio's list, and told to us where it can be."""

    scene: Scene
    number: str
    whatsapp: bool
    written: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"whatsapp:{self.number}" if self.whatsapp else self.number

    async def writes(self, body: str, *, told: bool = True, **more: str) -> Mapping[str, str]:
        """Send a message; `told` is whether the webhook reaches us."""
        self.scene.count += 1
        sid = more.pop("sid", f"SM{self.scene.count:06}{self.number[1:]}")
        fields = message(body, sid=sid, theirs=self.number, whatsapp=self.whatsapp, **more)
        self.written.append(fields)
        self.scene.twilio.hear(fields, datetime.now(UTC))  # noqa: TID251  Twilio's own clock
        if told:
            assert await self.scene.tells(fields) == 200
        return fields

    async def presses(self, label: str) -> None:
        """Press a button under the last message that has it."""
        shown = await self.scene.twilio.until(
            lambda twilio: next(
                (m for m in reversed(twilio.messages) if label in dict(m.get("options", ()))), None
            )
        )
        value = dict(shown["options"])[label]
        await self.writes(label, ButtonPayload=value, ButtonText=label, MessageType="button")

    async def reads(self, part: str) -> str:
        """The message with these words, once the phone has it."""

        def shown(twilio: TwilioDouble) -> str | None:
            return next((body for body in twilio.shown(self.address) if part in body), None)

        return str(await self.scene.twilio.until(shown))

    async def settled(self, count: int) -> list[dict[str, Any]]:
        """All that the phone has been sent, once there is so much."""

        def shown(twilio: TwilioDouble) -> list[dict[str, Any]] | None:
            mine = [m for m in twilio.messages if m["To"] == self.address]
            return mine if len(mine) >= count else None

        found: list[dict[str, Any]] = await self.scene.twilio.until(shown)
        return found

    async def offered(self) -> dict[str, Any]:
        """A message with buttons, once the phone has one."""

        def shown(twilio: TwilioDouble) -> dict[str, Any] | None:
            mine = (m for m in twilio.messages if m["To"] == self.address)
            return next((m for m in mine if m.get("options")), None)

        found: dict[str, Any] = await self.scene.twilio.until(shown)
        return found

    async def after(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message that came after another one."""

        def shown(twilio: TwilioDouble) -> dict[str, Any] | None:
            mine = [m for m in twilio.messages if m["To"] == self.address]
            return next(iter(mine[mine.index(message) + 1 :]), None)

        found: dict[str, Any] = await self.scene.twilio.until(shown)
        return found

    def shown(self) -> list[str]:
        return self.scene.twilio.shown(self.address)


@asynccontextmanager
async def open_scene(house: House, name: str, more: str = "") -> AsyncIterator[Scene]:
    """The program runs, is connected to both, and has Ada in Slack."""
    async with (
        twilio_double() as twilio,
        slack_double() as slack,
        httpx.AsyncClient(timeout=30) as http,
    ):
        slack.users = dict(USERS)
        urls = {"twilio": twilio.url, "slack": slack.url}
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        settings = SETTINGS.format(public=base, ours=OURS, **urls)
        (house.data / "careline.toml").write_text(settings + more)
        env = {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "SLACK_BOT_TOKEN": SLACK_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "CARELINE_SERVER__PORT": str(port),
        }
        program = house.program(env=env, name=f"twilio-{name}")
        await add_staff(program, "ada", "Ada", "U0ADA")
        await asyncio.to_thread(program.start)
        ada = Member(slack, ByHttp(f"{base}/slack/events"), "U0ADA")
        try:
            yield Scene(base, program, twilio, slack, ada, http)
        finally:
            await asyncio.to_thread(program.stop)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
