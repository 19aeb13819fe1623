"""The Messages API on loopback: checks credentials, numbers, lengths and opt-outs."""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.contract.twilio.webhooks import ACCOUNT, OURS, TOKEN

Json: TypeAlias = dict[str, Any]
_LONGEST = 1600
_BASE = f"/2010-04-01/Accounts/{ACCOUNT}"


@dataclass
class TwilioDouble:
    """`messages` is what we have sent, in order; `faults` are answers instead of the next ones."""

    messages: list[Json] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)
    numbers: dict[str, str] = field(default_factory=lambda: {OURS: ""})
    state: str = "active"
    calls: Counter[str] = field(default_factory=Counter)
    typed: list[str] = field(default_factory=list)
    faults: list[web.Response] = field(default_factory=list)
    url: str = ""
    said: asyncio.Condition = field(default_factory=asyncio.Condition)

    def shown(self, number: str) -> list[str]:
        """What a phone has got."""
        return [m["Body"] for m in self.messages if m["To"] == number]

    async def until(self, seen: Callable[["TwilioDouble"], Any], patience_s: float = 30) -> Any:
        """Wait for what somebody should get; fails after `patience_s`."""
        async with asyncio.timeout(patience_s), self.said:
            while not (found := seen(self)):
                await self.said.wait()
            return found

    async def create(self, request: web.Request) -> web.Response:
        """One message, as https://www.twilio.com/docs/messaging/api/message-resource has it."""
        self.calls["create"] += 1
        if self.faults:
            return self.faults.pop(0)
        if not _known(request):
            return refusal(401, 20003, "Authenticate")
        form = await request.post()
        asked = {name: str(form[name]) for name in form}
        if wrong := self._wrong(asked):
            return refusal(400, *wrong)
        sid = f"SM{len(self.messages) + 1:032x}"
        async with self.said:
            self.messages.append({**asked, "MediaUrls": form.getall("MediaUrl", []), "sid": sid})
            self.said.notify_all()
        made = {"sid": sid, "status": "queued", "to": asked["To"], "body": asked["Body"]}
        return web.json_response(made, status=201)

    def _wrong(self, asked: dict[str, str]) -> tuple[int, str] | None:
        theirs = asked.get("To", "").removeprefix("whatsapp:")
        ours = asked.get("From", "").removeprefix("whatsapp:")
        if not (theirs.startswith("+") and theirs[1:].isdigit()):
            return 21211, "Invalid 'To' Phone Number"
        if not asked.get("MessagingServiceSid", "").startswith("MG") and ours not in self.numbers:
            return 21606, "The 'From' phone number provided is not valid for this account"
        if theirs in self.opted_out:
            return 21610, "Attempt to send to unsubscribed recipient"
        if not asked.get("Body") and "MediaUrl" not in asked:
            return 21602, "Message body is required"
        if len(asked.get("Body", "")) > _LONGEST:
            return 21617, "The concatenated message body exceeds the 1600 character limit"
        return None

    async def typing(self, request: web.Request) -> web.Response:
        """The sign under a message: https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource."""
        form = await request.post()
        if not _known(request):
            return refusal(401, 20003, "Authenticate")
        if form.get("channel") != "whatsapp" or not str(form.get("messageId", "")).startswith("SM"):
            return refusal(400, 20001, "Invalid messageId")
        self.typed.append(str(form["messageId"]))
        return web.json_response({"success": True}, status=200)

    async def account(self, request: web.Request) -> web.Response:
        """The account itself."""
        if not _known(request):
            return refusal(401, 20003, "Authenticate")
        return web.json_response({"sid": ACCOUNT, "status": self.state})

    async def owned(self, request: web.Request) -> web.Response:
        """Our numbers, on one page."""
        if not _known(request):
            return refusal(401, 20003, "Authenticate")
        found = [{"phone_number": one, "sms_url": url} for one, url in self.numbers.items()]
        return web.json_response({"incoming_phone_numbers": found, "next_page_uri": None})


def refusal(status: int, code: int, words: str, **headers: str) -> web.Response:
    """An error as the API tells it."""
    body = {"code": code, "message": words, "status": status}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response(body, status=status, headers=named)


def _known(request: web.Request) -> bool:
    wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    return request.headers.get("Authorization") == f"Basic {wanted}"


@asynccontextmanager
async def twilio_double() -> AsyncIterator[TwilioDouble]:
    """A double on a free port."""
    double = TwilioDouble()
    app = web.Application()
    app.router.add_post(f"{_BASE}/Messages.json", double.create)
    app.router.add_post("/v2/Indicators/Typing.json", double.typing)
    app.router.add_get(f"{_BASE}.json", double.account)
    app.router.add_get(f"{_BASE}/IncomingPhoneNumbers.json", double.owned)
    async with TestServer(app, host="127.0.0.1") as server:
        double.url = str(server.make_url("")).rstrip("/")
        yield double
