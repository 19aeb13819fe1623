"""Files that we keep, on their way to a phone: Twilio fetches them from a link that ends."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.domain.errors import Unavailable
from bot.domain.files import Files
from bot.domain.ports import Clock

PATH = "/twilio/files/{file}/{until}/{proof}"
_DIGITS = 12
_LASTS = timedelta(hours=1)
"""Twilio fetches a file as it sends the message; its own copy lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """`secret` is shared by all replicas: any of them may be asked."""

    files: Files
    clock: Clock
    secret: bytes
    public_url: str

    def link(self, file: str) -> str:
        """Where a file is fetched for the next hour."""
        until = int((self.clock.now() + _LASTS).timestamp())
        path = PATH.format(file=file, until=until, proof=self._proof(file, until))
        return self.public_url + path

    def pages(self) -> tuple[web.RouteDef, ...]:
        """The route."""
        return (web.get(PATH, self.get),)

    async def get(self, request: web.Request) -> web.Response:
        """The file of a link that is ours and has not ended."""
        file, until, proof = (request.match_info[one] for one in ("file", "until", "proof"))
        if not (until.isascii() and until.isdigit()) or len(until) > _DIGITS:
            return _gone()
        own = hmac.compare_digest(self._proof(file, int(until)).encode(), proof.encode())
        if (
            not own
            or datetime.fromtimestamp(int(until), self.clock.now().tzinfo) < self.clock.now()
        ):
            return _gone()
        try:
            found = await self.files.find(file)
        except Unavailable:
            return web.Response(status=503, text="Try again soon.", headers={"Retry-After": "5"})
        if found is None:
            return _gone()
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
        return web.Response(body=found.content, content_type=found.mime, headers=headers)

    def _proof(self, file: str, until: int) -> str:
        return hmac.new(self.secret, f"{file}\x1f{until}".encode(), hashlib.sha256).hexdigest()


def _gone() -> web.Response:
    return web.Response(status=404, text="This link has ended.")
