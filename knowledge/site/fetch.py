"""Fetches one page after another: slowly, not too much of it, and within the site."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore2

from knowledge.site.addresses import Scope, joined
from knowledge.site.guard import GuardedBackend, Private
from knowledge.site.web import Sleep

AGENT = "Careline"
LARGEST = 10_000_000
PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0
_SECONDS = 10.0
_WHOLE_SECONDS = 60.0
_REDIRECTS = 5
_TRIES = 3
_LATER = (429, 502, 503, 504)
_OK, _MOVED, _MOST_MOVED = 200, 300, 399
_HEADERS = (
    ("User-Agent", AGENT),
    ("Accept", "text/html,*/*;q=0.5"),
    ("Accept-Encoding", "identity"),  # what is packed could be a thousand times larger
)


@dataclass(frozen=True, slots=True)
class Page:
    """What came back; `url` is where it was in the end."""

    url: str
    kind: str
    body: bytes


class Unfetched(Exception):
    """The page cannot be had; the words say why. `status` is the server's, where it answered."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


class Fetcher:
    """A connection to one site. Blocking."""

    def __init__(self, scope: Scope, backend: GuardedBackend, sleep: Sleep = time.sleep) -> None:
        self._scope = scope
        self._pool = httpcore2.ConnectionPool(
            network_backend=backend, max_connections=1, keepalive_expiry=5.0
        )
        self._sleep = sleep
        self._asked = False
        self.pause = PAUSE_S

    def close(self) -> None:
        self._pool.close()

    def slow_down(self, seconds: float) -> None:
        """What the site asks for, within reason."""
        self.pause = min(max(seconds, PAUSE_S), _LONGEST_PAUSE_S)

    def get(self, url: str) -> Page:
        """The page, after redirects within the site. Raises `Unfetched`."""
        for _ in range(_REDIRECTS + 1):
            found = self._patiently(url)
            if isinstance(found, Page):
                return found
            url = found
        raise Unfetched("it redirects without end")

    def _patiently(self, url: str) -> Page | str:
        for tried in range(1, _TRIES + 1):
            try:
                return self._once(url)
            except Unfetched as exc:
                if exc.status not in _LATER or tried == _TRIES:
                    raise
                self._sleep(min(2.0**tried, _LONGEST_PAUSE_S))
        raise AssertionError("unreachable")

    def _once(self, url: str) -> Page | str:
        """The page, or where it has moved."""
        if self._asked:
            self._sleep(self.pause)
        self._asked = True
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), _SECONDS)
        try:
            with self._pool.stream(
                "GET", url, headers=_HEADERS, extensions={"timeout": timeout}
            ) as response:
                return self._read(url, response)
        except Private:
            host = urlsplit(url).hostname
            raise Unfetched(
                f"{host} is an address of a private network, which is not read:"
                " allow it with --allow-private"
            ) from None
        except httpcore2.TimeoutException:
            raise Unfetched("the server does not answer in time: try again later") from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as exc:
            why = str(exc) or type(exc).__name__
            raise Unfetched(f"the server cannot be reached ({why})") from None

    def _read(self, url: str, response: httpcore2.Response) -> Page | str:
        headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        if _MOVED <= response.status <= _MOST_MOVED and b"location" in headers:
            return self._moved(url, headers[b"location"])
        if response.status != _OK:
            raise Unfetched(f"the server answers {response.status}", response.status)
        kind = headers.get(b"content-type", "").partition(";")[0].strip().casefold()
        return Page(url, kind, self._body(response))

    def _moved(self, url: str, location: str) -> str:
        try:
            target = joined(url, location)
        except ValueError:
            raise Unfetched("it redirects to what is no address of a page") from None
        if not self._scope.site(target):
            raise Unfetched(f"it redirects to {urlsplit(target).hostname}, which is another site")
        return target

    def _body(self, response: httpcore2.Response) -> bytes:
        parts, size = [], 0
        began = time.monotonic()
        for part in response.iter_stream():
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise Unfetched("the page is larger than 10 MB")
            if time.monotonic() - began > _WHOLE_SECONDS:
                raise Unfetched("the server answers too slowly: try again later")
        return b"".join(parts)
