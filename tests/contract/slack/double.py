"""The Web API on loopback: checks tokens, scopes, membership and blocks, and keeps the history."""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.contract.slack.events import BOT_ID, BOT_USER, TEAM
from tests.contract.slack.filestore import FileStore
from tests.contract.slack.history import history, replies
from tests.contract.slack.limits import (
    TooFast,
    TooMuch,
    check_message,
    check_modal,
    check_view,
    need,
)
from tests.contract.slack.scopes import ALL, SCOPES
from tests.contract.slack.sockets import Sockets

Json: TypeAlias = dict[str, Any]
TOKEN, APP_TOKEN = "xoxb-1-2-abc", "xapp-1-A0CARE-1-abc"
CLIENT = ("1.2", "3f0c")

_BURST = 4
_TRIGGER_S = 3.0
_STAMPS = itertools.count(1)
"""One row of time stamps for all doubles: a product may have met an earlier one."""


@dataclass
class Fault:
    """What a method answers instead of doing what it is asked."""

    status: int
    retry_after: int | None = None
    hangs: bool = False


@dataclass
class SlackDouble:
    """`messages` is what the app has said, in order, `written` what people have; `calls` counts.

    `per_s`: how many messages a channel takes; `refused` counts those that came too soon.
    """

    scopes: frozenset[str] = ALL
    joined: set[str] = field(default_factory=lambda: {"C0CALL", "C0HELP"})
    gone: set[str] = field(default_factory=set)
    messages: list[Json] = field(default_factory=list)
    written: list[Json] = field(default_factory=list)
    private: list[Json] = field(default_factory=list)
    reactions: list[Json] = field(default_factory=list)
    statuses: list[Json] = field(default_factory=list)
    files: FileStore = field(default_factory=lambda: FileStore(TOKEN))
    codes: dict[str, Json] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    modals: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    prompts: list[Json] = field(default_factory=list)
    titles: list[Json] = field(default_factory=list)
    streams: list[Json] = field(default_factory=list)
    unknown_blocks: set[str] = field(default_factory=set)
    per_s: float | None = None
    refused: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    sockets: Sockets = field(default_factory=Sockets)
    url: str = ""
    _free: dict[str, float] = field(default_factory=dict)
    said: asyncio.Condition = field(default_factory=asyncio.Condition)

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next calls of a method."""
        self.faults.setdefault(method, []).extend([fault] * times)

    def shown(self, channel: str, thread: str | None = None) -> list[Json]:
        """What stands in a channel, or in one of its threads."""
        here = [m for m in self.messages if m["channel"] == channel]
        return here if thread is None else [m for m in here if m.get("thread_ts") == thread]

    async def until(self, seen: Callable[["SlackDouble"], Any], patience_s: float = 30) -> Any:
        """Wait for what people should see; fails after `patience_s`."""
        async with asyncio.timeout(patience_s), self.said:
            while not (found := seen(self)):
                await self.said.wait()
            return found

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        method = request.match_info["method"]
        self.calls[method] += 1
        if self.faults.get(method):
            return await self._failed(self.faults[method].pop(0))
        fields = await _fields(request)
        if method == "oauth.v2.access":
            return web.json_response(self._exchanged(fields))
        known = {APP_TOKEN} if method == "apps.connections.open" else {TOKEN, *self.tokens}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in known:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        scope = SCOPES.get(method)
        if scope is not None and scope not in self.scopes:
            missing = {"ok": False, "error": "missing_scope", "needed": scope}
            return web.json_response(missing)
        try:
            answer = await self._answered(method, fields | {"token": token})
        except TooFast:
            self.refused += 1
            return await self._failed(Fault(429, retry_after=1))
        async with self.said:
            self.said.notify_all()
        scopes = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
        return web.json_response(answer, headers=scopes)

    async def _failed(self, fault: Fault) -> web.Response:
        if fault.hangs:
            await asyncio.sleep(3600)
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if fault.status == 429:
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers=headers)
        return web.Response(status=fault.status, text="upstream sent no answer", headers=headers)

    async def _answered(self, method: str, body: Json) -> Json:
        known: dict[str, Callable[[Json], Json]] = {
            "auth.test": self._auth,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_private,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "reactions.add": self._react,
            "users.info": self._user,
            "users.conversations": self._rooms,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._channel,
            "assistant.threads.setStatus": self._status,
            "assistant.threads.setSuggestedPrompts": self._prompts,
            "assistant.threads.setTitle": self._title,
            "chat.startStream": self._start,
            "chat.appendStream": self._append,
            "chat.stopStream": self._stop,
            "conversations.open": lambda body: {"channel": {"id": "D0" + body["users"][2:]}},
            "views.publish": self._publish,
            "views.open": self._modal,
            "files.getUploadURLExternal": self.files.slot,
            "files.completeUploadExternal": self._complete,
            "files.delete": lambda body: self.files.delete(body, self.messages),
            "apps.connections.open": self._open,
        }
        if method not in known:
            return {"ok": False, "error": "unknown_method"}
        try:
            return {"ok": True, **known[method](body)}
        except TooMuch as exc:
            return {"ok": False, "error": str(exc)}
        except KeyError as exc:
            return {"ok": False, "error": f"invalid_arguments: {exc}"}

    def _auth(self, _body: Json) -> Json:
        return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "team": "Care"}

    def _post(self, body: Json) -> Json:
        self._there(body["channel"])
        self._pace(body["channel"])
        check_message(body)
        kinds = {block["type"] for block in body.get("blocks") or []}
        need(not kinds & self.unknown_blocks, "invalid_blocks")
        if body.get("username") and "chat:write.customize" not in self.scopes:
            raise TooMuch("missing_scope")
        kept = {**body, "ts": self.next_ts(), "user": BOT_USER, "bot_id": BOT_ID}
        self.messages.append(kept)
        return {"channel": body["channel"], "ts": kept["ts"], "message": kept}

    def _exchanged(self, body: Json) -> Json:
        """`oauth.v2.access`: a code is good for once, and for the app that has asked."""
        if (body.get("client_id"), body.get("client_secret")) != CLIENT:
            return {"ok": False, "error": "invalid_client_id"}
        found = self.codes.pop(str(body.get("code")), None)
        if found is None:
            return {"ok": False, "error": "invalid_code"}
        self.tokens.add(found["access_token"])
        return {"ok": True, "token_type": "bot", "scope": ",".join(sorted(self.scopes)), **found}

    def _pace(self, channel: str) -> None:
        """About so many messages a second in a channel, and a few at once, where a test asks."""
        if self.per_s is None:
            return
        now = time.monotonic()
        every = 1 / self.per_s
        free = max(self._free.get(channel, 0), now - _BURST * every)
        if free > now:
            raise TooFast
        self._free[channel] = free + every

    def _post_private(self, body: Json) -> Json:
        self._there(body["channel"])
        check_message(body)
        kept = {**body, "ts": self.next_ts(), "to": body["user"]}
        self.private.append(kept)
        return {"message_ts": kept["ts"]}

    def _update(self, body: Json) -> Json:
        check_message(body)
        found = self._message(body)
        found.update({key: body[key] for key in ("text", "blocks") if key in body})
        found["edited"] = True
        return {"channel": body["channel"], "ts": body["ts"], "text": body.get("text", "")}

    def _delete(self, body: Json) -> Json:
        self.messages.remove(self._message(body))
        return {"channel": body["channel"], "ts": body["ts"]}

    def _react(self, body: Json) -> Json:
        made = {key: body[key] for key in ("channel", "timestamp", "name")}
        if made in self.reactions:
            raise TooMuch("already_reacted")
        self.reactions.append(made)
        return {}

    def _user(self, body: Json) -> Json:
        known = self.users.get(body["user"])
        if known is None:
            raise TooMuch("user_not_found")
        return {"user": {"id": body["user"], **known}}

    def _channel(self, body: Json) -> Json:
        if not body["channel"].startswith("C"):
            raise TooMuch("channel_not_found")
        return {"channel": {"id": body["channel"], "is_member": body["channel"] in self.joined}}

    def _rooms(self, _body: Json) -> Json:
        direct = {m["channel"] for m in self.written if m["channel"].startswith("D")}
        rooms = [{"id": one, "is_im": one.startswith("D")} for one in sorted(self.joined | direct)]
        return {"channels": rooms, "response_metadata": {"next_cursor": ""}}

    def _history(self, body: Json) -> Json:
        self._there(body["channel"])
        return history(self._written_in(body["channel"]), body)

    def _replies(self, body: Json) -> Json:
        return replies(self._written_in(body["channel"]), body)

    def _written_in(self, channel: str) -> list[Json]:
        return [m for m in [*self.written, *self.messages] if m["channel"] == channel]

    def _status(self, body: Json) -> Json:
        self._there(body["channel_id"])
        self.statuses.append({key: body[key] for key in ("channel_id", "thread_ts", "status")})
        return {}

    def _complete(self, body: Json) -> Json:
        self._there(body["channel_id"])
        self._pace(body["channel_id"])
        found = [self.files.uploads[one["id"]] for one in body["files"]]
        need(bool(found) and all("content" in one for one in found), "file_not_found")
        message = {
            "channel": body["channel_id"],
            "text": body.get("initial_comment", ""),
            "ts": self.next_ts(),
            "user": BOT_USER,
            "bot_id": BOT_ID,
            "files": found,
        }
        self.messages.append(
            message | ({"thread_ts": body["thread_ts"]} if body.get("thread_ts") else {})
        )
        return {"files": [{"id": one["id"], "title": one["title"]} for one in body["files"]]}

    def _publish(self, body: Json) -> Json:
        check_view(body["view"])
        self.homes[body["user_id"]] = body["view"]
        return {"view": body["view"]}

    def trigger(self, user: str) -> str:
        """What a press gives, to open one form with, for three seconds."""
        made = f"1.{self.next_ts()}.abc"
        self.triggers[made] = (user, time.monotonic())
        return made

    def _modal(self, body: Json) -> Json:
        user, at = self.triggers.pop(body["trigger_id"], ("", 0.0))
        need(bool(user), "exchanged_trigger_id")
        need(time.monotonic() - at < _TRIGGER_S, "expired_trigger_id")
        check_modal(body["view"])
        self.modals.append({**body["view"], "id": f"V0{self.next_ts()}", "to": user})
        return {"view": self.modals[-1]}

    def _prompts(self, body: Json) -> Json:
        self._there(body["channel_id"])
        known = all(set(one) == {"title", "message"} for one in body["prompts"])
        need(known and 1 <= len(body["prompts"]) <= 4, "invalid_arguments")
        self.prompts.append(body)
        return {}

    def _title(self, body: Json) -> Json:
        self._there(body["channel_id"])
        need(bool(body["title"]), "invalid_arguments")
        self.titles.append(body)
        return {}

    def _start(self, body: Json) -> Json:
        self._there(body["channel"])
        need(body["thread_ts"] and body["channel"].startswith("D"), "missing_recipient_user_id")
        shown = {"channel": body["channel"], "thread_ts": body["thread_ts"]}
        kept = {**shown, "text": body.get("markdown_text", ""), "ts": self.next_ts(), "open": True}
        self.streams.append(dict(kept))
        self.messages.append(kept)
        return {"channel": body["channel"], "ts": kept["ts"]}

    def _append(self, body: Json) -> Json:
        found = self._message(body)
        need(found.get("open", False), "message_not_in_streaming_state")
        found["text"] += body["markdown_text"]
        self.streams.append(dict(found))
        return {"channel": body["channel"], "ts": body["ts"]}

    def _stop(self, body: Json) -> Json:
        found = self._message(body)
        need(found.pop("open", False), "message_not_in_streaming_state")
        return {"channel": body["channel"], "ts": body["ts"]}

    def _open(self, _body: Json) -> Json:
        return {"url": self.url.replace("http://", "ws://").replace("/api/", "/socket")}

    def _there(self, channel: str) -> None:
        if not channel.startswith(("D", "C")) or channel in self.gone:
            raise TooMuch("channel_not_found")
        if channel.startswith("C") and channel not in self.joined:
            raise TooMuch("not_in_channel")

    def _message(self, body: Json) -> Json:
        where = (body["channel"], body["ts"])
        found = (m for m in self.messages if (m["channel"], m["ts"]) == where)
        message = next(found, None)
        if message is None:
            raise TooMuch("message_not_found")
        return message

    def next_ts(self) -> str:
        """A time stamp that no other message has."""
        return f"{int(time.time())}.{next(_STAMPS):06}"  # noqa: TID251  the wall's


async def _fields(request: web.Request) -> Json:
    """The SDK sends forms, with JSON in some fields, or JSON as a whole."""
    if request.content_type == "application/json":
        body: Json = await request.json()
        return body
    form = {key: str(value) for key, value in (await request.post()).items()}
    form |= dict(request.query)  # some methods of the SDK ask this way
    return {
        k: json.loads(v) if k in ("blocks", "metadata", "view", "prompts", "files") else v
        for k, v in form.items()
    }


@asynccontextmanager
async def slack_double() -> AsyncIterator[SlackDouble]:
    """A double on a free port."""
    double = SlackDouble()
    app = web.Application()
    handle: Callable[[web.Request], Awaitable[web.StreamResponse]] = double.handle
    app.router.add_route("*", "/api/{method}", handle)

    async def download(request: web.Request) -> web.StreamResponse:
        return double.files.download(request, allowed="files:read" in double.scopes)

    app.router.add_post("/upload/{file}", double.files.upload)
    app.router.add_get("/files-pri/{file}", download)
    app.router.add_get("/socket", double.sockets.handle)
    async with TestServer(app, host="127.0.0.1") as server:
        double.url = str(server.make_url("/api/"))
        double.files.url = str(server.make_url("/"))
        yield double
        await double.sockets.close()
