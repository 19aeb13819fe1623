"""A desk client written from the API's description alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

PATIENCE_S = 20


class Desk:
    """One signed-in member of staff."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base

    async def get(self, path: str) -> Any:
        async with self._http.get(f"{self._base}/desk/api{path}") as response:
            response.raise_for_status()
            return await response.json()

    async def raw(self, path: str) -> aiohttp.ClientResponse:
        """A page or an answer as it came, read to its end."""
        async with self._http.get(f"{self._base}{path}") as response:
            await response.read()
            return response

    async def post(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and answer of an action."""
        async with self._http.post(f"{self._base}/desk/api{path}", json=body or {}) as response:
            return response.status, await response.json()

    async def act(
        self, handoff: str, act: str, body: dict[str, Any] | None = None
    ) -> tuple[int, Any]:
        return await self.post(f"/handoffs/{handoff}/{act}", body)

    async def waiting(self, summary: str) -> dict[str, Any]:
        """The open hand-off whose summary has these words; fails after a while."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for row in (await self.get("/handoffs"))["handoffs"]:
                    if summary in row["summary"]:
                        return dict(row)
                await asyncio.sleep(0.05)

    async def reads(self, handoff: str, words: str) -> dict[str, Any]:
        """The transcript line with these words, once it is there; fails after a while."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for line in (await self.get(f"/handoffs/{handoff}"))["transcript"]:
                    if words in line["text"]:
                        return dict(line)
                await asyncio.sleep(0.05)


@asynccontextmanager
async def desk(link: str) -> AsyncIterator[Desk]:
    """Sign in with a one-time link."""
    base = link.split("/desk/", 1)[0]
    jar = aiohttp.CookieJar(unsafe=True)  # the host is an IP address
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        async with http.get(link) as response:
            assert response.status == 200, response.status
        yield Desk(http, base)
