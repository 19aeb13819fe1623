"""Whether this process lives, whether it can serve, and what it has counted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web

from bot.domain.errors import CarelineError

Check: TypeAlias = Callable[[], Awaitable[str | None]]
"""Returns what is wrong in a few words, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthDeps:
    """The checks behind `/readyz` by name, and the metrics text."""

    checks: dict[str, Check]
    metrics: Callable[[], Awaitable[bytes]]


def health_routes(deps: HealthDeps) -> list[web.RouteDef]:
    """`/healthz`, `/readyz`, `/metrics`."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        faults = {name: await _fault(check) for name, check in deps.checks.items()}
        ready = not any(faults.values())
        told = {name: fault or "ok" for name, fault in faults.items()}
        return web.json_response({"ready": ready, "checks": told}, status=200 if ready else 503)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(
            body=await deps.metrics(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    return [
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        web.get("/metrics", metrics),
    ]


async def _fault(check: Check) -> str | None:
    try:
        return await check()
    except CarelineError as exc:
        return f"{type(exc).__name__}: {exc}"
