"""A web site on loopback: paths and what they answer, and what was asked of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpcore2
from typing_extensions import override

from knowledge.site.guard import GuardedBackend
from knowledge.site.web import Web

PUBLIC = "93.184.215.14"


@dataclass(frozen=True)
class Reply:
    body: bytes | str = ""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def to(cls, location: str) -> "Reply":
        return cls(status=302, headers={"Location": location})


def page(title: str, *links: str, text: str = "Some words.", head: str = "") -> Reply:
    anchors = "".join(f'<p><a href="{link}">on</a></p>' for link in links)
    return Reply(
        f"<html lang=en><head>{head}</head><body><h1>{title}</h1><p>{text}</p>{anchors}</body>"
    )


class Site:
    """What is there, by path; `asked` has every path asked for, in order."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reply(self, path: str) -> Reply:
        self.asked.append(path)
        return self.pages.get(path, Reply("not here", status=404))


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = site.reply(self.path)
            body = found.body if isinstance(found.body, bytes) else found.body.encode()
            self.send_response(found.status)
            for name, value in {"Content-Type": found.kind, **found.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Dialled(httpcore2.SyncBackend):
    """Stands for the network: a public address leads to the site on loopback."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.dialled: list[str] = []

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> httpcore2.NetworkStream:
        self.dialled.append(host)
        return super().connect_tcp("127.0.0.1", self.port, timeout, local_address)


class Names:
    """Looks names up: each look gives the next answer, the last one for ever."""

    def __init__(self, **hosts: list[str]) -> None:
        self._hosts = {name.replace("_", "."): list(found) for name, found in hosts.items()}

    def __call__(self, host: str, port: int) -> list[str]:
        del port
        if host not in self._hosts:
            return [host]
        found = self._hosts[host]
        return [found.pop(0) if len(found) > 1 else found[0]]


def public_web(site: Site, names: Names, **given: int) -> tuple[Web, Dialled]:
    """The site as if it were public, at every name that leads to a public address."""
    inner = Dialled(site.port)
    backend = GuardedBackend(allow_private=False, resolve=names, inner=inner)
    most = given.get("most_pages", 100)
    return Web(backend=backend, most_pages=most, sleep=lambda _seconds: None), inner
