"""A call-out service on loopback: keeps what it is sent, by its `dedup_key`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


class CalloutService:
    """Answers as PagerDuty's Events API v2 does; the next with the statuses in `failing`."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.failing: list[int] = []
        self.url = ""

    async def enqueue(self, request: web.Request) -> web.Response:
        if self.failing:
            headers = {"Retry-After": "7", "Location": "/moved"}
            return web.Response(status=self.failing.pop(0), headers=headers)
        self.events.append(await request.json())
        return web.json_response({"status": "success"}, status=202)

    async def moved(self, _request: web.Request) -> web.Response:
        """Whoever follows a redirect sees a page, and calls nobody."""
        return web.Response(text="Welcome")

    def incidents(self) -> dict[str, str]:
        """Each incident by its key, and the last that was done to it."""
        return {event["dedup_key"]: event["event_action"] for event in self.events}


@asynccontextmanager
async def callout_service() -> AsyncIterator[CalloutService]:
    service = CalloutService()
    application = web.Application()
    application.router.add_post("/v2/enqueue", service.enqueue)
    application.router.add_get("/moved", service.moved)
    async with TestServer(application) as server:
        service.url = str(server.make_url("/v2/enqueue"))
        yield service
