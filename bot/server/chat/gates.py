"""The counters of one process: who has asked how often."""

from aiohttp import web

from bot.domain.errors import NotAuthentic
from bot.server.chat.deps import ChatDeps
from bot.server.chat.limits import Limiter, Rate
from bot.server.remote import remote_address
from channels.web.signature import Visitor

TYPING = Rate(burst=5, per_second=0.5)
"""A page says at most every three seconds that its visitor types."""

FILES = Rate(burst=6, per_second=0.05)
FILES_OF_ADDRESS = Rate(burst=30, per_second=0.1)
"""Files of one visitor, and of one network address: at most some 30 MB a minute are kept."""


class Gates:
    """Lets callers through, or raises `TooMany`."""

    def __init__(self, deps: ChatDeps) -> None:
        self._deps = deps
        self._visitors = Limiter(deps.limits.visitor, deps.clock)
        self._addresses = Limiter(deps.limits.address, deps.clock)
        self._typists = Limiter(TYPING, deps.clock)
        self._files = Limiter(FILES, deps.clock)
        self._file_homes = Limiter(FILES_OF_ADDRESS, deps.clock)
        self._newcomers = Limiter(deps.limits.newcomer, deps.clock)

    def newcomer(self, request: web.Request) -> None:
        """Somebody without a token."""
        self._newcomers.take(self._remote(request))

    def visitor(self, request: web.Request) -> Visitor:
        """Somebody with a token. Raises `NotAuthentic`, or `TooMany` after many bad ones."""
        visitor = self._known(request)
        # The visitor's own bucket comes first: one that floods must not use up what others
        # behind the same address may send.
        self._visitors.take(visitor.id)
        self._addresses.take(self._remote(request))
        return visitor

    def typist(self, request: web.Request) -> Visitor:
        """Somebody with a token who types; that takes nothing from what they may send."""
        visitor = self._known(request)
        self._typists.take(visitor.id)
        self._addresses.take(self._remote(request))
        return visitor

    def sender_of_files(self, request: web.Request) -> Visitor:
        """Somebody with a token who sends a file, which counts as a message as well."""
        visitor = self.visitor(request)
        self._files.take(visitor.id)
        self._file_homes.take(self._remote(request))
        return visitor

    def _known(self, request: web.Request) -> Visitor:
        try:
            return self._deps.visitor({k.lower(): v for k, v in request.headers.items()})
        except NotAuthentic:
            self.newcomer(request)
            raise

    def _remote(self, request: web.Request) -> str:
        return remote_address(request, self._deps.trusted_proxies)
