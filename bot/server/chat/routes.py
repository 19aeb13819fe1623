"""The web chat's routes, put together from what it is given."""

from functools import partial

from aiohttp import web

from bot.server.chat import api
from bot.server.chat.assets import Assets, load
from bot.server.chat.deps import ChatDeps
from bot.server.chat.files import ChatFiles
from bot.server.chat.gates import Gates
from bot.server.chat.guard import guarded, preflight
from bot.server.chat.page import Page
from bot.server.chat.stream import stream
from bot.server.live import LivePages


def routes(deps: ChatDeps) -> list[web.RouteDef]:
    """Everything under `/chat`. Reads the page's files from disk: call it while starting."""
    return [*_api(deps), *_pages(deps, load())]


def _api(deps: ChatDeps) -> list[web.RouteDef]:
    gates = Gates(deps)
    kept = ChatFiles(deps, gates)
    pages = LivePages(deps.limits.streams)
    origins = deps.allowed_origins

    async def ask(request: web.Request) -> web.StreamResponse:
        return preflight(request, origins)

    visitors = guarded(partial(api.visitors, deps, gates), origins)
    messages = guarded(partial(api.messages, deps, gates), origins)
    typing = guarded(partial(api.typing, deps, gates), origins)
    live = guarded(partial(stream, deps, gates, pages), origins)
    return [
        web.post("/chat/api/visitors", visitors),
        web.post("/chat/api/messages", messages),
        web.post("/chat/api/typing", typing),
        web.post("/chat/api/files", guarded(kept.post, origins)),
        web.get("/chat/api/files/{id:[0-9a-f]{32}}", guarded(kept.get, origins)),
        web.get("/chat/api/stream", live, allow_head=False),
        web.options("/chat/api/{verb}", guarded(ask, origins)),
        web.options("/chat/api/files/{id}", guarded(ask, origins)),
    ]


def _pages(deps: ChatDeps, assets: Assets) -> list[web.RouteDef]:
    async def asset(request: web.Request) -> web.StreamResponse:
        match = request.match_info
        return assets.serve(request, match["name"], version=match["version"])

    async def widget(request: web.Request) -> web.StreamResponse:
        response = assets.serve(request, "widget.js")
        # The one file that other sites load.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return [
        web.get("/chat", Page(deps, assets).show),
        web.get("/chat/widget.js", widget),
        web.get("/chat/assets/{version}/{name}", asset),
    ]
