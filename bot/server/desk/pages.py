"""The files of the desk's page, read once when the server starts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ETag, web

from bot.domain.errors import Unavailable
from bot.server.desk.answers import RETRY_AFTER
from bot.server.desk.deps import DeskDeps
from bot.server.desk.guard import session_of

_FOLDER = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    body: bytes
    content_type: str
    etag: str


def _read(path: Path) -> _File:
    body = path.read_bytes()
    etag = hashlib.sha256(body).hexdigest()[:32]
    return _File(body=body, content_type=_TYPES[path.suffix], etag=etag)


class Pages:
    """The desk's HTML, and the styles and scripts it asks for."""

    def __init__(self, deps: DeskDeps) -> None:
        self._deps = deps
        self._files = {p.name: _read(p) for p in _FOLDER.iterdir() if p.suffix in _TYPES}

    def page(
        self, name: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        file = self._files[name]
        return web.Response(
            status=status,
            body=file.body,
            content_type="text/html",
            charset="utf-8",
            headers=headers,
        )

    async def desk(self, request: web.Request) -> web.StreamResponse:
        """`GET /desk`: the desk, or the sign-in page for whoever is not signed in."""
        try:
            session = await session_of(request, self._deps)
        except Unavailable:
            return self.away()
        if session:
            return self.page("desk.html")
        # After a click in another site's page the browser keeps a SameSite=Strict cookie back,
        # so whoever comes that way is sent round once from our own page.
        came_from_elsewhere = request.headers.get("Sec-Fetch-Site") == "cross-site"
        return self.page("again.html" if came_from_elsewhere else "signin.html")

    def away(self) -> web.Response:
        return self.page("away.html", status=503, headers={"Retry-After": RETRY_AFTER})

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """`GET /desk/assets/{name}`: nothing in them is secret, so nobody has to sign in."""
        file = self._files.get(request.match_info["name"])
        if file is None or file.content_type == "text/html":
            raise web.HTTPNotFound
        response = web.Response(headers={"Cache-Control": "no-cache"})
        response.etag = file.etag
        if ETag(value=file.etag) in (request.if_none_match or ()):
            response.set_status(304)
            return response
        response.body = file.body
        response.content_type = file.content_type
        response.charset = "utf-8"
        return response
