"""Turns the pages of a site into articles."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from knowledge.conversion.converter import Converter
from knowledge.conversion.shapes import Kind, Unreadable
from knowledge.converted import articles_in
from knowledge.fields import Fault, Found
from knowledge.site.addresses import Scope
from knowledge.site.crawl import Crawl
from knowledge.site.fetch import Fetcher, Page
from knowledge.site.guard import GuardedBackend
from knowledge.site.web import Web

Take = Callable[[str, Iterable[Found | Fault]], None]
"""Gets the address of a page and what it holds."""

_KINDS: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def read_site(url: str, web: Web, converter: Converter, take: Take) -> None:
    """Hand the articles of every page to `take`, and a fault for every page that is missed."""
    try:
        scope = Scope.of(url)
    except ValueError:
        take(url, [Fault("it is no address of a site: write it as https://shop.example/help")])
        return
    backend = web.backend or GuardedBackend(allow_private=web.allow_private)
    fetcher = Fetcher(scope, backend, web.sleep)
    try:
        with tempfile.TemporaryDirectory(prefix="careline-site-") as folder:
            pages = _Pages(Path(folder), converter, take)
            for missed in Crawl(url, fetcher, most=web.most_pages).run(pages.read):
                take(missed.url, [missed.fault])
            if not pages.some:
                take(url, [Fault("the site gave no page to read")])
    finally:
        fetcher.close()


class _Pages:
    def __init__(self, folder: Path, converter: Converter, take: Take) -> None:
        self._file = folder / "page"
        self._converter = converter
        self._take = take
        self.some = False

    def read(self, page: Page) -> tuple[str, ...]:
        """Take a page in; its links."""
        kind = _KINDS.get(page.kind)
        if kind is None:  # a picture, a program: nobody expects words of it
            return ()
        self.some = True
        self._file.write_bytes(page.body)
        try:
            found = self._converter.convert(self._file, kind, page.url, page.url)
        except Unreadable as exc:
            self._take(page.url, [Fault(str(exc))])
            return ()
        if not found.hidden:
            converted = replace(found, url=found.url or page.url)
            articles = articles_in(converted, _name(page.url))
            self._take(page.url, _from_page(articles, page.url))
        return found.links


def _from_page(found: Iterable[Found | Fault], url: str) -> Iterator[Found | Fault]:
    for one in found:
        if isinstance(one, Found):
            yield Found(replace(one.article, source=url), one.line)
        else:
            yield one


def _name(url: str) -> str:
    """What a page is called on its site; its host where it is the first one."""
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/")
    name = PurePosixPath(path).as_posix() if path else parts.hostname or url
    return f"{name}?{parts.query}" if parts.query else name
