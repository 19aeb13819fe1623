"""Signing in and out: a one-time link or a password for a session cookie."""

import asyncio

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.desk import Session
from bot.domain.errors import NotAuthentic, TooMany, Unavailable
from bot.server.desk import words
from bot.server.desk.answers import refuse, retry_after
from bot.server.desk.attempts import SignInGuard
from bot.server.desk.bodies import read_object, words_of
from bot.server.desk.deps import DeskDeps
from bot.server.desk.guard import COOKIE, token_of
from bot.server.desk.pages import Pages
from bot.server.desk.previews import follows_link, poses_as_browser
from bot.server.remote import remote_address

_LONGEST = 1024
_AT_ONCE = 2  # a password check takes 64 MiB and a core for a while


class SignIn:
    """The door of the desk."""

    def __init__(self, deps: DeskDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._guard = SignInGuard(deps.clock)
        self._checking = asyncio.Semaphore(_AT_ONCE)

    async def by_link(self, request: web.Request) -> web.StreamResponse:
        """`GET /desk/login?token=…`: for people, so it answers with a page.

        What only looks where a link leads gets a page with a button, and the link stays unused.
        """
        if not self._followed(request):
            return self._pages.page("open.html")
        remote = self._remote(request)
        try:
            self._guard.enter(remote, None)
            token, session = await self._deps.staff.sign_in(token=request.query.get("token", ""))
        except TooMany as error:
            return self._pages.page("slow.html", status=429, headers=retry_after(error))
        except NotAuthentic:
            return self._pages.page("link.html", status=401)
        except Unavailable:
            return self._pages.away()
        self._guard.succeeded(remote, None)
        response = web.Response(status=303, headers={"Location": "/desk"})
        self._give(response, token, session)
        return response

    async def by_request(self, request: web.Request) -> web.StreamResponse:
        """`POST /desk/api/session`: a login and its password, or the token of a link."""
        body = await read_object(request)
        if "token" in body:
            return await self._by_token(request, words_of(body, "token", most=_LONGEST))
        login = words_of(body, "login", most=254)
        password = words_of(body, "password", most=_LONGEST, strip=False)
        remote = self._remote(request)
        self._guard.enter(remote, login)
        try:
            async with self._checking:
                token, session = await self._deps.staff.sign_in(login=login, password=password)
        except NotAuthentic:
            return refuse(401, words.WRONG_SIGN_IN)
        self._guard.succeeded(remote, login)
        return self._welcome(token, session)

    async def _by_token(self, request: web.Request, link: str) -> web.Response:
        remote = self._remote(request)
        self._guard.enter(remote, None)
        try:
            token, session = await self._deps.staff.sign_in(token=link)
        except NotAuthentic:
            return refuse(401, words.LINK_USED)
        self._guard.succeeded(remote, None)
        return self._welcome(token, session)

    async def out(self, request: web.Request) -> web.StreamResponse:
        """`DELETE /desk/api/session`: also for those whose session is over."""
        token = token_of(request)
        if token:
            await self._deps.staff.sign_out(token)
        response = web.json_response({"ok": True})
        response.del_cookie(COOKIE, path="/desk")
        return response

    async def who(self, _request: web.Request, person: Person) -> web.StreamResponse:
        """`GET /desk/api/session`."""
        return web.json_response(
            {
                "id": person.id,
                "name": person.name,
                "rights": list(person.rights),
                "assist": person.assist,
            }
        )

    def _followed(self, request: web.Request) -> bool:
        posed = self._deps.secure_cookies and poses_as_browser(request)
        return follows_link(request) and not posed

    def _welcome(self, token: str, session: Session) -> web.Response:
        response = web.json_response({"name": session.person.name})
        self._give(response, token, session)
        return response

    def _remote(self, request: web.Request) -> str:
        return remote_address(request, self._deps.trusted_proxies)

    def _give(self, response: web.Response, token: str, session: Session) -> None:
        left = session.expires_at - self._deps.clock.now()
        response.set_cookie(
            COOKIE,
            token,
            max_age=max(0, int(left.total_seconds())),
            path="/desk",
            httponly=True,
            samesite="Strict",
            secure=self._deps.secure_cookies,
        )
