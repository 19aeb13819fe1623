"""Hand-offs as JSON: the list, one opened, and the acts a person presses."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.desk import HandoffDetail
from bot.domain.errors import BadRequest, TransitionRefused
from bot.domain.transitions import Act
from bot.server.desk.bodies import key_of, read_object, words_of
from bot.server.desk.deps import DeskDeps
from bot.server.desk.shapes import after_act, detail_json, row_json

_RECENT = 50
LONGEST_TEXT = 4000
NOTE_MARK = "//"


class Handoffs:
    """What staff do with hand-offs. A line that is not a person's does not exist for them."""

    def __init__(self, deps: DeskDeps) -> None:
        self._deps = deps

    async def list(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`GET /desk/api/handoffs`; `?ended=1` for those that are over."""
        lines = _lines_of(person)
        if request.query.get("ended") in ("1", "true"):
            rows = await self._deps.board.recent(lines, limit=_RECENT)
        else:
            rows = await self._deps.board.open(lines)
        now = self._deps.clock.now()
        mine = (row for row in rows if person.may_handle(row.line))
        return web.json_response(
            {"handoffs": [row_json(row, person, self._deps.lines, now) for row in mine]}
        )

    async def one(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`GET /desk/api/handoffs/{id}`."""
        detail = await self.visible(request, person)
        now = self._deps.clock.now()
        return web.json_response(detail_json(detail, person, self._deps.lines, now))

    async def act(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST /desk/api/handoffs/{id}/{act}`: the answer is the verdict."""
        await read_object(request)
        act = cast("Act", request.match_info["act"].replace("-", "_"))
        row = (await self.visible(request, person)).row
        with _ended_when_unknown():
            conversation = await self._deps.press.act(row.id, act, person)
        now = self._deps.clock.now()
        row = after_act(row, conversation, now)
        return web.json_response(row_json(row, person, self._deps.lines, now))

    async def done(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/done`: the call back was made, the ticket worked on."""
        await read_object(request)
        row = (await self.visible(request, person)).row
        with _ended_when_unknown():
            await self._deps.press.settle(row.id, person)
        now = self._deps.clock.now()
        row = replace(row, state="ended")
        return web.json_response(row_json(row, person, self._deps.lines, now))

    async def reply(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/reply`: to the customer, unless the text starts as a note does."""
        text, key = await _written(request)
        handoff = (await self.visible(request, person)).row.id
        if text.startswith(NOTE_MARK):
            return await self._note(handoff, person, text, key)
        with _ended_when_unknown():
            await self._deps.press.reply(handoff, person, text, key)
        return web.json_response({"ok": True, "kind": "reply"})

    async def note(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/note`: for colleagues only."""
        text, key = await _written(request)
        handoff = (await self.visible(request, person)).row.id
        return await self._note(handoff, person, text, key)

    async def _note(self, handoff: str, person: Person, text: str, key: str) -> web.Response:
        text = text.removeprefix(NOTE_MARK).strip()
        if not text:
            raise BadRequest("The note has no words.")
        with _ended_when_unknown():
            await self._deps.press.note(handoff, person, text, key)
        return web.json_response({"ok": True, "kind": "note"})

    async def visible(self, request: web.Request, person: Person) -> HandoffDetail:
        """Raises `TransitionRefused("unknown")` for what is not there, or not theirs to see."""
        detail = await self._deps.board.detail(request.match_info["id"])
        if detail is None or not person.may_handle(detail.row.line):
            raise TransitionRefused("unknown")
        return detail


def _lines_of(person: Person) -> Sequence[str] | None:
    """What the board is asked for: None is every line."""
    if "handle" not in person.rights:
        return ()
    return None if "*" in person.lines else person.lines


@contextmanager
def _ended_when_unknown() -> Iterator[None]:
    """What could be seen a moment ago, and is not known to the press lane, is over."""
    try:
        yield
    except TransitionRefused as refused:
        if refused.code == "unknown":
            raise TransitionRefused("closed") from refused
        raise


async def _written(request: web.Request) -> tuple[str, str]:
    """The text of a request, and the key that makes sending it again the same message."""
    body = await read_object(request)
    text = words_of(body, "text", most=LONGEST_TEXT)
    return text, key_of(body)
