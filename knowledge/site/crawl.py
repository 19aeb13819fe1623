"""Finds the pages of a site: those of its sitemap, and those that they link to."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from protego import Protego

from knowledge.fields import Fault
from knowledge.site.addresses import Scope, joined, plain
from knowledge.site.fetch import AGENT, Fetcher, Page, Unfetched
from knowledge.site.sitemap import looks_like_one, read_sitemap
from knowledge.site.web import MOST_PAGES

_MOST_MAPS = 50
_GONE = (404, 410)
_REFUSED = range(400, 500)
_NO_PAGES = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".css", ".js", ".json", ".zip", ".gz",
    ".mp3", ".mp4", ".webm", ".woff", ".woff2", ".ttf", ".exe", ".dmg", ".xml", ".rss", ".atom",
)  # fmt: skip

Read = Callable[[Page], tuple[str, ...]]
"""Takes a page in and says where it links to."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A page that is left out, and why."""

    url: str
    fault: Fault


class Crawl:
    """One site, from its address or its sitemap's. `most` pages are fetched, no more."""

    def __init__(self, start: str, fetcher: Fetcher, *, most: int = MOST_PAGES) -> None:
        self._start = plain(start)
        self._scope = Scope.of(start)
        self._fetcher = fetcher
        self._most = most
        self._queue: deque[str] = deque()
        self._known: set[str] = set()
        self._named: set[str] = set()
        self._seen: set[bytes] = set()
        self._robots = Protego.parse("")

    def run(self, read: Read) -> Iterator[Missed]:
        """Hand every page to `read`; what is missed comes back."""
        try:
            self._ask_robots()
        except Unfetched as exc:
            yield _missed(self._start, f"{exc} when asked for robots.txt")
            return
        if looks_like_one(self._start):
            yield from self._from_maps([self._start], whole=True)
            yield from self._pages(read, follow=False)
            return
        self._add(self._start, named=True)
        listed = list(self._robots.sitemaps)
        # The usual place is only tried.
        maps = listed or [joined(self._start, "/sitemap.xml")]
        yield from self._from_maps(maps, whole=False, told=bool(listed))
        yield from self._pages(read, follow=True)

    def _ask_robots(self) -> None:
        try:
            page = self._fetcher.get(joined(self._start, "/robots.txt"))
        except Unfetched as exc:
            if exc.status in _REFUSED:  # RFC 9309: no rules
                return
            raise
        self._robots = Protego.parse(page.body.decode("utf-8", "replace"))
        asked = self._robots.crawl_delay(AGENT)
        if asked:
            self._fetcher.slow_down(asked)

    def _from_maps(self, maps: list[str], *, whole: bool, told: bool = True) -> Iterator[Missed]:
        """Queue what sitemaps list, below the folder only unless it is the `whole` that counts.

        One that nobody has `told` us of is not missed.
        """
        waiting, read = deque(maps), 0
        while waiting and read < _MOST_MAPS:
            url = waiting.popleft()
            read += 1
            if not self._scope.site(url):
                yield _missed(url, "the sitemap is on another site")
                continue
            try:
                found = read_sitemap(self._fetcher.get(joined(self._start, url)).body)
            except Unfetched as exc:
                if told:
                    yield _missed(url, str(exc))
                continue
            waiting.extend(found.maps)
            for page in found.pages:
                if not self._scope.site(page):
                    yield _missed(page, "the sitemap lists it, but it is on another site")
                else:
                    self._add(page, anywhere=whole, named=True)

    def _add(self, url: str, *, anywhere: bool = False, named: bool = False) -> None:
        """Queue a page of the site, once; one that was `named` to us is missed when it is gone."""
        try:
            address = joined(self._start, url)
        except ValueError:
            return
        inside = self._scope.site(address) if anywhere else self._scope.holds(address)
        if inside and address not in self._known and not address.endswith(_NO_PAGES):
            self._known.add(address)
            self._queue.append(address)
            if named:
                self._named.add(address)

    def _pages(self, read: Read, *, follow: bool) -> Iterator[Missed]:
        fetched = 0
        while self._queue:
            if fetched == self._most:
                left = len(self._queue)
                why = f"{left} pages or more are left out after {fetched}: raise --max-pages"
                yield _missed(self._start, why)
                return
            url = self._queue.popleft()
            if not self._robots.can_fetch(url, AGENT):
                if url == self._start:
                    yield _missed(url, "robots.txt forbids to read it: ask who runs the site")
                continue
            fetched += 1
            try:
                links = self._read(url, read)
            except Unfetched as exc:
                if exc.status not in _GONE or url in self._named:
                    yield _missed(url, str(exc))
                continue
            for link in links if follow else ():
                self._add(link)

    def _read(self, url: str, read: Read) -> tuple[str, ...]:
        """A page that says what another has said already leads nowhere new."""
        page = self._fetcher.get(url)
        digest = sha256(page.body).digest()
        moved = page.url != url and page.url in self._known
        if digest in self._seen or moved:
            return ()
        self._known.add(page.url)
        self._seen.add(digest)
        return read(page)


def _missed(url: str, why: str) -> Missed:
    return Missed(url, Fault(why))
