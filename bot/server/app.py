"""The web application: chat, desk, webhooks and health behind one door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.core.typing_signs import Signs, unshown
from bot.core.verdicts import Judging
from bot.domain.ports import Channel, Store
from bot.server.chat.deps import ChatDeps
from bot.server.chat.routes import routes as chat_routes
from bot.server.desk.app import desk_app
from bot.server.desk.deps import DeskDeps
from bot.server.health import HealthDeps, health_routes
from bot.server.webhooks import MAX_BODY, webhook_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDeps:
    """What the door opens to; `hooks` are paths of webhooks and their channels."""

    store: Store
    chat: ChatDeps
    desk: DeskDeps
    health: HealthDeps
    hooks: Mapping[str, Channel]
    pages: Sequence[web.RouteDef] = ()
    typing: Signs = unshown
    judging: Judging | None = None


def web_app(deps: WebDeps) -> web.Application:
    """Everything a web process serves."""
    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes(health_routes(deps.health))
    app.add_routes(chat_routes(deps.chat))
    foresee = deps.chat.foresee
    app.add_routes(webhook_routes(deps.store, deps.hooks, foresee, deps.typing, deps.judging))
    app.add_routes(deps.pages)
    app.router.add_get("/", _front)
    app.add_subapp("/desk", desk_app(deps.desk))
    return app


def health_app(deps: HealthDeps) -> web.Application:
    """What a process without a door serves."""
    app = web.Application()
    app.add_routes(health_routes(deps))
    return app


def away_app() -> web.Application:
    """What is served before the database has been reached: nothing is kept, so all is 503."""

    async def missing() -> str:
        return "away: it has not been reached yet"

    async def none() -> bytes:
        return b""

    app = web.Application()
    app.add_routes(health_routes(HealthDeps(checks={"database": missing}, metrics=none)))
    app.router.add_route("*", "/{path:.*}", _away)
    return app


async def _away(_request: web.Request) -> web.Response:
    words = "Careline is waiting for its database; try again soon."
    return web.json_response({"error": words}, status=503, headers={"Retry-After": "5"})


async def _front(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/chat")


async def listen(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Open the door; returns the runner to clean up and the port really taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    taken = runner.addresses[0][1]
    return runner, int(taken)
