"""Suggested replies and hints: taken away once seen, and switched off by those who want none."""

from dataclasses import replace

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.errors import BadRequest
from bot.server.desk.bodies import read_object, words_of
from bot.server.desk.deps import DeskDeps

_LONGEST_ID = 100


class Assists:
    """What a person does with what helps them; they see it in the opened hand-off."""

    def __init__(self, deps: DeskDeps) -> None:
        self._deps = deps

    async def dismiss(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/assist/dismiss`: `id` is that of the suggestion; a newer one stays."""
        body = await read_object(request)
        found = words_of(body, "id", most=_LONGEST_ID)
        await self._deps.dismiss(request.match_info["id"], person, found)
        return web.json_response({"ok": True})

    async def switch(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST /desk/api/session/assist`: `on` says whether this person wants help."""
        on = (await read_object(request)).get("on")
        if not isinstance(on, bool):
            raise BadRequest("“on” must be true or false.")
        people = await self._deps.staff.people()
        now = next((one for one in people if one.id == person.id), person)
        if now.assist != on:
            await self._deps.staff.put(replace(now, assist=on))
        return web.json_response({"assist": on})
