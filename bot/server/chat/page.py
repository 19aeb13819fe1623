"""The chat page: one HTML document per line, and the policy a browser must hold it to."""

import html
from pathlib import Path
from string import Template

from aiohttp import web

from bot.server.chat.assets import Assets
from bot.server.chat.deps import ChatDeps

TEMPLATE = Path(__file__).with_name("page.html")


class Page:
    """Writes the page; the template is read once."""

    def __init__(self, deps: ChatDeps, assets: Assets) -> None:
        self._deps = deps
        self._assets = assets
        self._template = Template(TEMPLATE.read_text(encoding="utf-8"))
        self._headers = page_headers(deps.allowed_origins)

    async def show(self, request: web.Request) -> web.Response:
        """`GET /chat?line=NAME&embed=1`."""
        line = request.query.get("line", self._deps.default_line)
        title = self._deps.lines.get(line)
        if title is None:
            return web.Response(status=404, text="There is no such chat.", headers=self._headers)
        page = self._template.substitute(
            line=html.escape(line),
            title=html.escape(title),
            embed="yes" if request.query.get("embed") == "1" else "no",
            assets=f"chat/assets/{self._assets.version}",
        )
        return web.Response(text=page, content_type="text/html", headers=self._headers)


def page_headers(allowed_origins: tuple[str, ...]) -> dict[str, str]:
    """Nothing runs, loads or connects but what comes from here; the listed sites may frame it."""
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        " ".join(("frame-ancestors 'self'", *allowed_origins)),
    )
    return {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "; ".join(policy),
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
