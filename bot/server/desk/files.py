"""Files at the desk: those of the conversation, and one to the customer."""

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.errors import BadRequest
from bot.domain.files import LARGEST, TOO_LARGE
from bot.server.chat.body import TooLarge, read_body
from bot.server.desk.answers import refuse
from bot.server.desk.bodies import key_of
from bot.server.desk.deps import DeskDeps
from bot.server.desk.handoffs import Handoffs
from bot.server.files import PATIENCE_S, file_answer

NOT_A_FILE = "Send the file itself as application/octet-stream."
GONE = "There is no such file any more."


class DeskFiles:
    """Whoever may see a hand-off may see what was given in it."""

    def __init__(self, deps: DeskDeps, handoffs: Handoffs) -> None:
        self._deps = deps
        self._handoffs = handoffs

    async def send(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/files?name=…&key=…`, the file as the body."""
        if request.content_type != "application/octet-stream":
            raise BadRequest(NOT_A_FILE)
        try:
            content = await read_body(request, LARGEST, seconds=PATIENCE_S)
        except TooLarge as exc:
            raise BadRequest(TOO_LARGE) from exc
        key, name = key_of(dict(request.query)), request.query.get("name", "")
        await self._deps.filing.send(request.match_info["id"], person, name, content, key)
        return web.json_response({"ok": True, "kind": "reply"})

    async def get(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`GET …/files/{file}`."""
        detail = await self._handoffs.visible(request, person)
        address = detail.conversation.address
        file = await self._deps.files.get(request.match_info["file"], address)
        return refuse(404, GONE) if file is None else file_answer(file, inline=True)
