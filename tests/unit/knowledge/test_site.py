"""A site is read politely, within its host, and never leads into a private network."""

import gzip
from collections.abc import Iterator
from itertools import count

import pytest
from typing_extensions import override

from bot.domain.knowledge import Article
from knowledge.site.guard import is_public
from knowledge.site.web import Web
from knowledge.sources import read_sources
from tests.unit.knowledge.papers import pdf
from tests.unit.knowledge.web_site import PUBLIC, Names, Reply, Site, page, public_web, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def read(site: Site, path: str = "/", **given: int) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    pauses: list[float] = []
    web = Web(allow_private=True, sleep=pauses.append, most_pages=given.get("most_pages", 100))
    return read_sources([site.url + path], web)


def sitemap(*urls: str) -> Reply:
    listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Reply(f'<urlset xmlns="{namespace}">{listed}</urlset>', kind="application/xml")


def titles(articles: tuple[Article, ...]) -> list[str]:
    return sorted(one.question for one in articles)


def test_a_site_is_followed_from_link_to_link(site: Site):
    site.pages["/"] = page("Home", "/a", "/b#part", "https://other.example/", "/gone", "mailto:x@y")
    site.pages["/a"] = page("A", "/", "b?x=1", "/pic.png")
    site.pages["/b"] = page("B", "/a#top")
    site.pages["/b?x=1"] = page("B one")
    articles, faults = read(site)
    assert faults == ()
    assert titles(articles) == ["A", "B", "B one", "Home"]
    assert {one.url for one in articles} == {f"{site.url}/{end}" for end in ("", "a", "b", "b?x=1")}
    assert len(site.asked) == len(set(site.asked))
    assert "/pic.png" not in site.asked


def test_only_what_is_below_the_address_is_read(site: Site):
    site.pages["/help"] = page("Help", "/help/a", "/helpless", "/about")
    site.pages["/help/a"] = page("A")
    site.pages["/helpless"] = site.pages["/about"] = page("Other")
    assert titles(read(site, "/help")[0]) == ["A", "Help"]


def test_a_sitemap_names_the_pages(site: Site):
    index = f"<sitemapindex><sitemap><loc>{site.url}/more.xml.gz</loc></sitemap></sitemapindex>"
    site.pages["/sitemap.xml"] = Reply(index, kind="application/xml")
    packed = gzip.compress(str(sitemap(f"{site.url}/a", "https://other.example/x").body).encode())
    site.pages["/more.xml.gz"] = Reply(packed, kind="application/gzip")
    site.pages["/a"] = page("A", "/b")
    site.pages["/b"] = page("B")
    articles, faults = read(site, "/sitemap.xml")
    assert titles(articles) == ["A"]
    assert len(faults) == 1
    assert "other.example/x: the sitemap lists it, but it is on another site" in faults[0]


def test_the_sitemap_of_a_site_is_found(site: Site):
    site.pages["/"] = page("Home")
    site.pages["/robots.txt"] = Reply(f"Sitemap: {site.url}/map.xml", kind="text/plain")
    site.pages["/map.xml"] = sitemap(f"{site.url}/a", f"{site.url}/gone")
    site.pages["/a"] = page("A")
    articles, faults = read(site)
    assert titles(articles) == ["A", "Home"]
    assert faults == (f"{site.url}/gone: the server answers 404.",)


def test_robots_are_heeded(site: Site):
    rules = "User-agent: *\nDisallow: /secret\nDisallow: /*.pdf$\nCrawl-delay: 3\n"
    site.pages["/robots.txt"] = Reply(rules, kind="text/plain")
    site.pages["/"] = page("Home", "/secret/a", "/x.pdf", "/open")
    site.pages["/open"] = page("Open", head='<meta name=robots content="noindex">')
    site.pages["/secret/a"] = page("Secret")
    pauses: list[float] = []
    articles, faults = read_sources([site.url], Web(allow_private=True, sleep=pauses.append))
    assert (titles(articles), faults) == (["Home"], ())
    assert not [path for path in site.asked if "secret" in path or "pdf" in path]
    assert set(pauses) == {3.0}


def test_a_site_that_forbids_or_fails_is_named(site: Site):
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", kind="text/plain")
    assert "robots.txt forbids" in read(site)[1][0]
    site.pages["/robots.txt"] = Reply(status=500)
    assert "the server answers 500 when asked for robots.txt" in read(site)[1][0]
    assert read(site)[0] == ()


class Endless(Site):
    """Every page leads to two others, deeper and deeper."""

    numbers = count()

    @override
    def reply(self, path: str) -> Reply:
        super().reply(path)
        if path == "/robots.txt":
            return Reply(status=404)
        text = f"Page {next(self.numbers)}"
        return page(text, f"{path.rstrip('/')}/deeper", f"/day?n={next(self.numbers)}")


def test_a_loop_ends(site: Site):
    site.reply = Endless().reply  # type: ignore[method-assign]  # another site at that address
    articles, faults = read(site, most_pages=20)
    assert 0 < len(articles) <= 20
    assert "left out after 20: raise --max-pages" in faults[-1]


def test_the_same_page_under_many_names_is_read_once(site: Site):
    site.pages["/"] = page("Home", "/?s=1", "/?s=2", "/moved")
    site.pages["/?s=1"] = site.pages["/?s=2"] = site.pages["/"]
    site.pages["/moved"] = Reply.to("/")
    articles, faults = read(site)
    assert (len(articles), faults) == (1, ())


def test_bad_pages_are_named_and_the_rest_goes_in(site: Site, tmp_path):
    site.pages["/"] = page("Home", "/a.pdf", "/loop", "/big", "/out", "/broken.docx", "/bye")
    site.pages["/a.pdf"] = Reply(pdf(tmp_path / "a.pdf").read_bytes(), kind="application/pdf")
    site.pages["/loop"] = Reply.to("/loop")
    site.pages["/big"] = Reply(b"x" * 10_000_001)
    site.pages["/out"] = Reply.to("https://other.example/")
    site.pages["/bye"] = Reply(status=410)
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    site.pages["/broken.docx"] = Reply("nothing", kind=word)
    articles, faults = read(site)
    assert titles(articles) == ["Delivery guide: Chapter 1", "Home"]
    assert next(one.url for one in articles if "Chapter" in one.question) == (
        f"{site.url}/a.pdf#page=1"
    )
    told = {fault.removeprefix(site.url).split(": ")[0]: fault for fault in faults}
    assert told.keys() == {"/loop", "/big", "/out", "/broken.docx"}
    assert "redirects without end" in told["/loop"]
    assert "larger than 10 MB" in told["/big"]
    assert "other.example, which is another site" in told["/out"]
    assert "not a .docx" in told["/broken.docx"]


def test_a_server_that_is_busy_is_asked_again(site: Site):
    site.pages["/"] = Reply(status=503)
    assert "answers 503" in read(site)[1][0]
    assert site.asked.count("/") == 3


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://inside.example/",
    ],
)
def test_private_addresses_are_refused(site: Site, url: str):
    names = Names(inside_example=["192.168.0.9"], localhost=["127.0.0.1"],
                  **{"2130706433": ["127.0.0.1"], "0x7f_1": ["127.0.0.1"]})  # fmt: skip
    web, inner = public_web(site, names)
    articles, faults = read_sources([url.format(port=site.port)], web)
    assert articles == ()
    assert "private network" in faults[0]
    assert inner.dialled == []
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_refused(site: Site):
    site.pages["/"] = page("Home", "/in", "/self")
    site.pages["/in"] = Reply.to(f"http://127.0.0.1:{site.port}/secret")
    site.pages["/self"] = Reply.to("http://shop.example/secret")
    site.pages["/secret"] = Reply("secret", headers={"Connection": "close"})
    web, inner = public_web(site, Names(shop_example=[PUBLIC]))
    articles, faults = read_sources(["http://shop.example/"], web)
    assert "redirects to 127.0.0.1, which is another site" in faults[0]
    assert "Home" in titles(articles)
    assert set(inner.dialled) == {PUBLIC}


def test_a_name_that_comes_to_mean_a_private_address_is_refused(site: Site):
    closing = {"Connection": "close"}
    site.pages["/robots.txt"] = Reply("", kind="text/plain", headers=closing)
    web, inner = public_web(site, Names(shop_example=[PUBLIC, "127.0.0.1"]))
    articles, faults = read_sources(["http://shop.example/"], web)
    assert articles == ()
    assert "private network" in " ".join(faults)
    assert inner.dialled == [PUBLIC]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.53", False),
        ("10.1.2.3", False),
        ("172.20.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  refused, not listened on
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_what_is_public(address: str, *, public: bool):
    assert is_public(address) is public


def test_what_is_no_address_is_named():
    assert "no address of a site" in read_sources(["http://[oops"])[1][0]
