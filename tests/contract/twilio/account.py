"""The rest of an account on loopback: numbers, services, WhatsApp senders, contents."""

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

Json: TypeAlias = dict[str, Any]
_PLACE = re.compile(r"\{\{(\w{1,16})\}\}")
_BODY, _TITLE, _ITEM, _ABOUT, _BUTTONS, _ITEMS = 1024, 20, 24, 72, 3, 10
_VALUE = 255


@dataclass
class Contents:
    """Contents by SID, with WhatsApp's word on each; checked as the Content API documents."""

    made: dict[str, Json] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    takes: bool = True

    def create(self, asked: Json) -> str | None:
        """The SID of a new one; None for what the API refuses."""
        kinds = asked.get("types")
        if not (self.takes and asked.get("friendly_name") and asked.get("language") and kinds):
            return None
        for kind, content in kinds.items():
            if not _valid(kind, content):
                return None
        places = set(_PLACE.findall(str(kinds)))
        if places - set(asked.get("variables") or {}):
            return None
        sid = f"HX{len(self.made) + 1:032x}"
        self.made[sid], self.status[sid] = asked, "unsubmitted"
        return sid

    def filled(self, sid: str, variables: dict[str, str]) -> Json | None:
        """What a phone shows of one: `body`, and `options` as labels and ids. None: refused."""
        content = self.made.get(sid)
        if content is None or any(len(v) > _VALUE or not v for v in variables.values()):
            return None
        given = {**content["variables"], **variables}

        def put(text: str) -> str:
            return _PLACE.sub(lambda found: given[found[1]], text)

        (kind, shape), *_ = content["types"].items()
        rows = shape.get("actions") or shape.get("items") or []
        options = [(put(r.get("title") or r["item"]), put(r["id"])) for r in rows]
        most = _TITLE if kind == "twilio/quick-reply" else _ITEM
        abouts = [put(r["description"]) for r in rows if "description" in r]
        if any(len(label) > most for label, _ in options) or any(len(a) > _ABOUT for a in abouts):
            return None
        return {"body": put(shape["body"]), "options": options}

    def approve(self, word: str = "approved") -> None:
        """WhatsApp has decided on all that it was asked."""
        asked = [sid for sid, status in self.status.items() if status != "unsubmitted"]
        self.status |= dict.fromkeys(asked, word)

    def named(self, name: str, language: str = "en") -> str | None:
        for sid, one in self.made.items():
            if (one["friendly_name"], one["language"]) == (name, language):
                return sid
        return None


def _valid(kind: str, content: Json) -> bool:
    body = content.get("body", "")
    if not body or len(body) > _BODY:
        return False
    if kind == "twilio/quick-reply":
        return 1 <= len(content.get("actions", [])) <= _BUTTONS
    if kind == "twilio/list-picker":
        items = content.get("items", [])
        return bool(content.get("button")) and 1 <= len(items) <= _ITEMS
    # https://www.twilio.com/docs/content/using-variables-with-content-api: neither first nor last
    stripped = body.strip()
    return kind == "twilio/text" and not (stripped.startswith("{{") or stripped.endswith("}}"))


@dataclass
class Account:
    """What the double has beside messages; every change that is asked for is kept in `changed`."""

    numbers: dict[str, Json] = field(default_factory=dict)
    services: dict[str, Json] = field(default_factory=dict)
    senders: dict[str, Json] = field(default_factory=dict)
    contents: Contents = field(default_factory=Contents)
    changed: list[tuple[str, Json]] = field(default_factory=list)

    def add_to(self, app: web.Application, base: str) -> None:
        """The routes of all of it."""
        add = app.router
        add.add_get(f"{base}/IncomingPhoneNumbers.json", self._numbers)
        add.add_post(f"{base}/IncomingPhoneNumbers/{{sid}}.json", self._number)
        add.add_get("/v1/Services", self._services)
        add.add_post("/v1/Services/{sid}", self._service)
        add.add_get("/v2/Channels/Senders", self._senders)
        add.add_get("/v2/Channels/Senders/{sid}", self._sender)
        add.add_post("/v2/Channels/Senders/{sid}", self._put_sender)
        add.add_get("/v1/ContentAndApprovals", self._contents)
        add.add_post("/v1/Content", self._content)
        add.add_post("/v1/Content/{sid}/ApprovalRequests/whatsapp", self._approval)

    async def _numbers(self, _request: web.Request) -> web.Response:
        found = [
            {"sid": f"PN{number[1:]}", "phone_number": number, **fields}
            for number, fields in self.numbers.items()
        ]
        return web.json_response({"incoming_phone_numbers": found, "next_page_uri": None})

    async def _number(self, request: web.Request) -> web.Response:
        number = "+" + request.match_info["sid"].removeprefix("PN")
        names = {"SmsUrl": "sms_url", "SmsFallbackUrl": "sms_fallback_url"}
        return await self._put_form(request, number, self.numbers.get(number), names)

    async def _services(self, _request: web.Request) -> web.Response:
        found = [{"sid": sid, **fields} for sid, fields in self.services.items()]
        return web.json_response({"services": found, "meta": _page("services")})

    async def _service(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        names = {"InboundRequestUrl": "inbound_request_url", "FallbackUrl": "fallback_url"}
        return await self._put_form(request, sid, self.services.get(sid), names)

    async def _put_form(
        self, request: web.Request, of: str, held: Json | None, names: dict[str, str]
    ) -> web.Response:
        form = await request.post()
        if held is None or not set(form) <= set(names):
            return _refused(404, 20404)
        change = {names[name]: str(value) for name, value in form.items()}
        held.update(change)
        self.changed.append((of, change))
        return web.json_response({"sid": request.match_info["sid"], **held})

    async def _senders(self, request: web.Request) -> web.Response:
        if request.query.get("Channel") != "whatsapp":
            return _refused(400, 20001)
        found = [{"sid": sid, "sender_id": s["sender_id"]} for sid, s in self.senders.items()]
        return web.json_response({"senders": found, "meta": _page("senders")})

    async def _sender(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        held = self.senders.get(sid)
        return _refused(404, 20404) if held is None else web.json_response({"sid": sid, **held})

    async def _put_sender(self, request: web.Request) -> web.Response:
        sid, asked = request.match_info["sid"], await request.json()
        held = self.senders.get(sid)
        if held is None or set(asked) != {"webhook"}:
            return _refused(400, 20001)
        held["webhook"].update(asked["webhook"])
        self.changed.append((held["sender_id"], asked["webhook"]))
        return web.json_response({"sid": sid, **held}, status=202)

    async def _contents(self, _request: web.Request) -> web.Response:
        made = self.contents
        found = [
            {"sid": sid, **one, "approval_requests": {"status": made.status[sid]}}
            for sid, one in made.made.items()
        ]
        return web.json_response({"contents": found, "meta": _page("contents")})

    async def _content(self, request: web.Request) -> web.Response:
        sid = self.contents.create(await request.json())
        if sid is None:
            return _refused(400, 20001)
        return web.json_response({"sid": sid, **self.contents.made[sid]}, status=201)

    async def _approval(self, request: web.Request) -> web.Response:
        sid, asked = request.match_info["sid"], await request.json()
        name = str(asked.get("name", ""))
        if sid not in self.contents.made or asked.get("category") != "UTILITY":
            return _refused(400, 20001)
        if not re.fullmatch(r"[a-z0-9_]{1,512}", name):
            return _refused(400, 20001)
        self.contents.status[sid] = "received"
        return web.json_response({"name": name, "status": "received"}, status=201)


def _page(key: str) -> Json:
    return {"key": key, "next_page_url": None, "page": 0, "page_size": 50}


def _refused(status: int, code: int) -> web.Response:
    body = {"code": code, "message": "refused", "status": status}
    return web.json_response(body, status=status)
