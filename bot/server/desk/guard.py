"""Who may call: requests from our own pages, by people who are signed in."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.domain.contact import Person
from bot.domain.desk import Session
from bot.domain.errors import NotAuthentic
from bot.server.desk import words
from bot.server.desk.answers import Handler, refuse
from bot.server.desk.deps import DeskDeps

COOKIE = "careline_desk"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Neither is sent from another site without asking first (a CORS preflight, which gets no yes).
_TYPES = frozenset({"application/json", "application/octet-stream"})
_LONGEST_TOKEN = 512

Member = Callable[[web.Request, Person], Awaitable[web.StreamResponse]]


def own_pages_only(public_hosts: frozenset[str]) -> Middleware:
    """Refuses what another site makes a browser send.

    The cookie is SameSite=Strict already; these checks hold where a browser does not know that,
    and against a page on a neighbouring subdomain.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in _SAFE:
            if not _from_own_page(request, public_hosts):
                return refuse(403, words.FOREIGN_ORIGIN)
            if request.can_read_body and request.content_type not in _TYPES:
                return refuse(403, words.NOT_JSON)
        return await handler(request)

    return check


def _from_own_page(request: web.Request, public_hosts: frozenset[str]) -> bool:
    # Fetch metadata: https://www.w3.org/TR/fetch-metadata/; "none" is the address bar.
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True  # not a browser, or a browser's GET
    host = urlsplit(origin).netloc
    return host != "" and (host == request.host or host in public_hosts)


def token_of(request: web.Request) -> str | None:
    """The session token of the cookie, if it can be one."""
    token = request.cookies.get(COOKIE)
    return token if token and token.isascii() and len(token) <= _LONGEST_TOKEN else None


async def session_of(request: web.Request, deps: DeskDeps) -> Session | None:
    token = token_of(request)
    return await deps.staff.session(token) if token else None


def members_only(deps: DeskDeps, member: Member) -> Handler:
    """A handler that is called with whoever is signed in. Raises `NotAuthentic` for others."""

    async def handle(request: web.Request) -> web.StreamResponse:
        session = await session_of(request, deps)
        if session is None:
            raise NotAuthentic(words.NO_SESSION)
        return await member(request, session.person)

    return handle
