"""Addresses of pages: written in one way, and within a site or not."""

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_LONGEST = 500
_MOST_REPEATS = 3
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Scope:
    """A host, and the folder below which its pages count."""

    host: str
    port: int
    folder: str

    @classmethod
    def of(cls, url: str) -> "Scope":
        """Raises `ValueError` for what is no address of a page."""
        parts = urlsplit(plain(url))
        folder = parts.path[: parts.path.rfind("/") + 1] if "." in last(parts.path) else parts.path
        return cls(_host(parts.hostname), _port(url), folder.rstrip("/") + "/")

    def site(self, url: str) -> bool:
        """Whether it is on the same host; `www.` and https make no difference."""
        try:
            parts, port = urlsplit(url), _port(url)
        except ValueError:
            return False
        usual = set(_PORTS.values())
        same = port == self.port or {port, self.port} <= usual
        return parts.scheme in _PORTS and same and _host(parts.hostname) == self.host

    def holds(self, url: str) -> bool:
        """Whether it is a page of the site below the folder, and does not look like a loop."""
        if not self.site(url) or len(url) > _LONGEST:
            return False
        path = urlsplit(url).path
        parts = [part for part in path.split("/") if part]
        loops = any(parts.count(part) > _MOST_REPEATS for part in set(parts))
        return not loops and (path + "/").startswith(self.folder)


def plain(url: str) -> str:
    """One spelling for one page: no fragment, no user, small host. Raises `ValueError`."""
    parts = urlsplit(url.strip())
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(url)
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else None
    host = (host or parts.hostname).casefold()
    host = f"[{host}]" if ":" in host else host
    port = "" if _port(url) == _PORTS[parts.scheme] else f":{_port(url)}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="=&%:@!$'()*+,;/?~-._")
    return urlunsplit((parts.scheme, host + port, path, query, ""))


def joined(url: str, other: str) -> str:
    """Where a redirect or link of a page leads. Raises `ValueError`."""
    return plain(urljoin(url, other))


def last(path: str) -> str:
    """What a path ends in."""
    return path.rpartition("/")[2]


def _host(host: str | None) -> str:
    return (host or "").casefold().removeprefix("www.")


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or _PORTS.get(parts.scheme, 0)
