"""Twilio's API on loopback: checks credentials, numbers, lengths, opt-outs, windows, templates."""

import asyncio
import base64
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.contract.twilio.account import Account
from tests.contract.twilio.webhooks import ACCOUNT, OURS, TOKEN, status

Json: TypeAlias = dict[str, Any]
_LONGEST = 1600
_BASE = f"/2010-04-01/Accounts/{ACCOUNT}"


@dataclass
class TwilioDouble:
    """`messages` is what phones have got, in order; `faults` are answers instead of the next ones.

    To `late` numbers free words come too late, as WhatsApp has it; `blocking` ones take nothing.
    `per_s` is how many messages a second the API takes, `refused` how many were one too many.
    `owed` are callbacks that nobody has made yet, `heard` what people wrote to our numbers, `media`
    the files of that by their SID.
    """

    messages: list[Json] = field(default_factory=list)
    lost: list[Json] = field(default_factory=list)
    owed: list[Json] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    blocking: set[str] = field(default_factory=set)
    account: Account = field(default_factory=lambda: Account(numbers={OURS: {"sms_url": ""}}))
    state: str = "active"
    calls: Counter[str] = field(default_factory=Counter)
    typed: list[str] = field(default_factory=list)
    faults: list[web.Response] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    elsewhere: str | None = None
    per_s: int | None = None
    refused: int = 0
    url: str = ""
    _taken: list[float] = field(default_factory=list)
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
        if self._too_fast():
            self.refused += 1
            return refusal(429, 20429, "Too Many Requests", Retry_After="1")
        form = await request.post()
        asked: Json = {name: str(form[name]) for name in form}
        if wrong := self._wrong(asked):
            return refusal(400, *wrong)
        sid = f"SM{secrets.token_hex(16)}"
        said = {**asked, "MediaUrls": form.getall("MediaUrl", []), "sid": sid}
        if filled := self._filled(asked):
            said |= {"Body": filled["body"], "options": filled["options"]}
        async with self.said:
            self._deliver(said)
            self.said.notify_all()
        made = {"sid": sid, "status": "queued", "to": asked["To"], "body": said["Body"]}
        return web.json_response(made, status=201)

    def _too_fast(self) -> bool:
        """Whether this is one message more than `per_s` allows."""
        now = asyncio.get_running_loop().time()
        self._taken = [at for at in self._taken if at > now - 1]
        if self.per_s is not None and len(self._taken) >= self.per_s:
            return True
        self._taken.append(now)
        return False

    def _deliver(self, said: Json) -> None:
        """Taken by the API is not yet on a phone: that is told by callbacks."""
        theirs = said["To"].removeprefix("whatsapp:")
        code = 63016 if self._too_late(said, theirs) else 63024 if theirs in self.blocking else None
        (self.lost if code else self.messages).append(said)
        whatsapp = said["To"].startswith("whatsapp:")
        states = ("undelivered",) if code else ("sent", "delivered", *(("read",) * whatsapp))
        self.owed += [
            status(said["sid"], state, code=code, whatsapp=whatsapp, theirs=theirs)
            for state in states
        ]

    def _too_late(self, said: Json, theirs: str) -> bool:
        approved = self.account.contents.status.get(said.get("ContentSid", "")) == "approved"
        return said["To"].startswith("whatsapp:") and theirs in self.late and not approved

    def _wrong(self, asked: Json) -> tuple[int, str] | None:
        theirs = asked.get("To", "").removeprefix("whatsapp:")
        ours = asked.get("From", "").removeprefix("whatsapp:")
        service = asked.get("MessagingServiceSid", "").startswith("MG")
        if not (theirs.startswith("+") and theirs[1:].isdigit()):
            return 21211, "Invalid 'To' Phone Number"
        if not service and ours not in self.account.numbers:
            return 21606, "The 'From' phone number provided is not valid for this account"
        if theirs in self.opted_out:
            return 21610, "Attempt to send to unsubscribed recipient"
        return self._wrong_words(asked)

    def _wrong_words(self, asked: Json) -> tuple[int, str] | None:
        if "ContentSid" in asked:
            wrong = (21656, "The ContentVariables Parameter is invalid")
            return None if self._filled(asked) else wrong
        if not asked.get("Body") and "MediaUrl" not in asked:
            return 21602, "Message body is required"
        if len(asked.get("Body", "")) > _LONGEST:
            return 21617, "The concatenated message body exceeds the 1600 character limit"
        return None

    def _filled(self, asked: Json) -> Json | None:
        if "ContentSid" not in asked:
            return None
        variables = json.loads(asked.get("ContentVariables", "{}"))
        return self.account.contents.filled(asked["ContentSid"], variables)

    async def typing(self, request: web.Request) -> web.Response:
        """The sign under a message: https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource."""
        form = await request.post()
        if form.get("channel") != "whatsapp" or not str(form.get("messageId", "")).startswith("SM"):
            return refusal(400, 20001, "Invalid messageId")
        self.typed.append(str(form["messageId"]))
        return web.json_response({"success": True}, status=200)

    def hear(self, fields: Mapping[str, str], at: datetime) -> None:
        """Somebody has written: it is on the list, whether or not a webhook could be told."""
        self.heard.append({**fields, "sent": at})

    async def listed(self, request: web.Request) -> web.Response:
        """The messages of the account, newest first; those we sent are among them."""
        since = request.query.get("DateSent>", "")
        rows = [
            {
                "sid": one["MessageSid"],
                "direction": "inbound",
                "from": one["From"],
                "to": one["To"],
                "body": one["Body"],
                "num_media": one["NumMedia"],
                "messaging_service_sid": one.get("MessagingServiceSid"),
                "date_sent": format_datetime(one["sent"]),
            }
            for one in self.heard
            if not since or one["sent"] >= datetime.fromisoformat(since)
        ]
        ours = [
            {"sid": m["sid"], "direction": "outbound-api", "from": OURS, "to": m["To"]}
            for m in self.messages
        ]
        found = [*reversed(rows), *ours]
        return web.json_response({"messages": found, "next_page_uri": None})

    async def attached(self, request: web.Request) -> web.Response:
        """The files of one message."""
        sid = request.match_info["sid"]
        (one,) = (m for m in self.heard if m["MessageSid"] == sid)
        found = [
            {
                "sid": f"ME{n}",
                "content_type": one[f"MediaContentType{n}"],
                "uri": urlsplit(one[f"MediaUrl{n}"]).path + ".json",
            }
            for n in range(int(one["NumMedia"]))
        ]
        return web.json_response({"media_list": found, "next_page_uri": None})

    async def file(self, request: web.Request) -> web.Response:
        """A file, by way of its other address, as Twilio has it."""
        content = self.media.get(request.match_info["file"])
        if content is None:
            return refusal(404, 20404, "not found")
        if request.query.get("there") is None:
            there = self.elsewhere or f"{request.path}?there=1"
            return web.Response(status=307, headers={"Location": there})
        return web.Response(body=content)

    def media_url(self, message: str, name: str, content: bytes) -> str:
        """Keep a file of a message; its address."""
        self.media[name] = content
        return f"{self.url}{_BASE}/Messages/{message}/Media/{name}"

    async def itself(self, _request: web.Request) -> web.Response:
        """The account."""
        return web.json_response({"sid": ACCOUNT, "status": self.state})


def refusal(status: int, code: int, words: str, **headers: str) -> web.Response:
    """An error as the API tells it."""
    body = {"code": code, "message": words, "status": status}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response(body, status=status, headers=named)


@web.middleware
async def _known(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    if request.headers.get("Authorization") != f"Basic {wanted}":
        return refusal(401, 20003, "Authenticate")
    return await handler(request)


@asynccontextmanager
async def twilio_double() -> AsyncIterator[TwilioDouble]:
    """A double on a free port."""
    double = TwilioDouble()
    app = web.Application(middlewares=[_known])
    app.router.add_post(f"{_BASE}/Messages.json", double.create)
    app.router.add_get(f"{_BASE}/Messages.json", double.listed)
    app.router.add_get(f"{_BASE}/Messages/{{sid}}/Media.json", double.attached)
    app.router.add_get(f"{_BASE}/Messages/{{sid}}/Media/{{file}}", double.file)
    app.router.add_post("/v2/Indicators/Typing.json", double.typing)
    app.router.add_get(f"{_BASE}.json", double.itself)
    double.account.add_to(app, _BASE)
    async with TestServer(app, host="127.0.0.1") as server:
        double.url = str(server.make_url("")).rstrip("/")
        yield double
