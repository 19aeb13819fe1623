"""The modes of lines: read by staff, switched by operators while the server runs."""

from typing import cast, get_args

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.errors import BadRequest
from bot.domain.line import Mode
from bot.server.desk import words
from bot.server.desk.answers import refuse
from bot.server.desk.arrivals import Json
from bot.server.desk.bodies import read_object
from bot.server.desk.deps import DeskDeps

MODES: tuple[str, ...] = get_args(Mode)


class Lines:
    """`off | shadow | share | on`, per line."""

    def __init__(self, deps: DeskDeps) -> None:
        self._deps = deps

    async def list(self, _request: web.Request, person: Person) -> web.StreamResponse:
        """`GET /desk/api/lines`."""
        switched = await self._deps.modes.all()
        seen = [name for name in self._deps.lines if _may_see(person, name)]
        return web.json_response(
            {
                "lines": [self._line(name, switched.get(name)) for name in seen],
                "may_switch": person.may_operate(),
            }
        )

    async def switch(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST /desk/api/lines/{name}`."""
        if not person.may_operate():
            return refuse(403, words.NOT_OPERATOR)
        name = request.match_info["name"]
        if name not in self._deps.lines:
            return refuse(404, words.NO_LINE)
        mode = (await read_object(request)).get("mode")
        if mode not in MODES:
            raise BadRequest(f"“mode” must be one of {', '.join(MODES)}.")
        chosen = cast("Mode", mode)
        await self._deps.modes.switch(name, chosen, by=person.id)
        return web.json_response(self._line(name, chosen))

    def _line(self, name: str, switched: Mode | None) -> Json:
        title, configured = self._deps.lines[name]
        return {
            "name": name,
            "title": title,
            "mode": switched or configured,
            "configured": configured,
        }


def _may_see(person: Person, line: str) -> bool:
    return person.may_operate() or person.may_handle(line)
