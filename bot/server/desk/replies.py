"""Replies that are with the customer already: other words, taken back; and that one is typed."""

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.errors import BadRequest
from bot.domain.files import id_of
from bot.server.desk import words
from bot.server.desk.bodies import key_of, read_object, words_of
from bot.server.desk.deps import DeskDeps
from bot.server.desk.handoffs import LONGEST_TEXT, NOTE_MARK

_LONGEST_LINE = 500


class Replies:
    """What whoever has a hand-off does with what they write.

    A hand-off that is not theirs to see is refused as one that is not there.
    """

    def __init__(self, deps: DeskDeps) -> None:
        self._deps = deps

    async def edit(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/edit`: `line` is that of the transcript, `text` what it should say."""
        body = await read_object(request)
        line = words_of(body, "line", most=_LONGEST_LINE)
        text = words_of(body, "text", most=LONGEST_TEXT)
        if text.startswith(NOTE_MARK):
            raise BadRequest(words.EDITED_TO_NOTE)
        handoff = request.match_info["id"]
        done = await self._deps.amends.edit_reply(handoff, person, line, text, key_of(body))
        return web.json_response({"ok": True, "done": done})

    async def delete(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/delete`: take a reply back."""
        body = await read_object(request)
        line = words_of(body, "line", most=_LONGEST_LINE)
        handoff = request.match_info["id"]
        done = await self._deps.amends.delete_reply(handoff, person, line, key_of(body))
        await self._deps.files.remove(id_of(line))  # a file goes with its message
        return web.json_response({"ok": True, "done": done})

    async def typing(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/typing`: shown to the customer for some seconds, and not kept."""
        await read_object(request)
        shown = await self._deps.typing.staff_types(request.match_info["id"], person)
        return web.json_response({"shown": shown})
