"""The desk as an application to mount at `/desk`."""

from aiohttp import web

from bot.server.desk.answers import add_headers, errors_in_words
from bot.server.desk.assists import Assists
from bot.server.desk.deps import DeskDeps
from bot.server.desk.files import DeskFiles
from bot.server.desk.gaps import Gaps
from bot.server.desk.guard import Member, members_only, own_pages_only
from bot.server.desk.handoffs import Handoffs
from bot.server.desk.lines import Lines
from bot.server.desk.pages import Pages
from bot.server.desk.replies import Replies
from bot.server.desk.signin import SignIn
from bot.server.desk.stream import Live

_HANDOFF = "/api/handoffs/{id:[A-Za-z0-9_.:-]{1,100}}"
_ACTS = "{act:claim|take[-_]over|release|hand[-_]back|resolve}"


def desk_app(deps: DeskDeps) -> web.Application:
    """All of the desk; mounted with `app.add_subapp("/desk", …)`."""
    app = web.Application(middlewares=[errors_in_words, own_pages_only(deps.public_hosts)])
    app.on_response_prepare.append(add_headers)
    pages = Pages(deps)
    sign_in = SignIn(deps, pages)
    app.add_routes(
        [
            web.get("", pages.desk),
            web.get("/", pages.desk),
            web.get("/assets/{name}", pages.asset),
            # Link previews ask with HEAD; only a GET may use the token up.
            web.get("/login", sign_in.by_link, allow_head=False),
            web.post("/api/session", sign_in.by_request),
            web.delete("/api/session", sign_in.out),
        ]
    )
    app.add_routes(_members(deps, sign_in))
    return app


def _members(deps: DeskDeps, sign_in: SignIn) -> list[web.RouteDef]:
    handoffs, replies, lines, live = Handoffs(deps), Replies(deps), Lines(deps), Live(deps)
    files = DeskFiles(deps, handoffs)

    assists = Assists(deps)

    def get(path: str, member: Member) -> web.RouteDef:
        return web.get(path, members_only(deps, member), allow_head=False)

    def post(path: str, member: Member) -> web.RouteDef:
        return web.post(path, members_only(deps, member))

    return [
        get("/api/session", sign_in.who),
        get("/api/handoffs", handoffs.list),
        get(_HANDOFF, handoffs.one),
        post(f"{_HANDOFF}/{_ACTS}", handoffs.act),
        post(f"{_HANDOFF}/done", handoffs.done),
        post(f"{_HANDOFF}/reply", handoffs.reply),
        post(f"{_HANDOFF}/note", handoffs.note),
        post(f"{_HANDOFF}/edit", replies.edit),
        post(f"{_HANDOFF}/delete", replies.delete),
        post(f"{_HANDOFF}/typing", replies.typing),
        post(f"{_HANDOFF}/files", files.send),
        get(f"{_HANDOFF}/files/{{file:[0-9a-f]{{32}}}}", files.get),
        post(f"{_HANDOFF}/assist/dismiss", assists.dismiss),
        post("/api/session/assist", assists.switch),
        get("/api/lines", lines.list),
        post("/api/lines/{name}", lines.switch),
        get("/api/stream", live.stream),
        *(get(p, m) if how == "GET" else post(p, m) for how, p, m in Gaps(deps).routes()),
    ]
