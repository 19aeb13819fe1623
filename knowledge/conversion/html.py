"""Turns a web page into Markdown: what is said on it, without what surrounds or animates it."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import MarkdownConverter

from knowledge.conversion.shapes import Converted, Unreadable

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DEAD = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
    "form", "input", "select", "textarea", "nav", "aside", "dialog", "img", "picture", "video",
    "audio", "head",
)  # fmt: skip
_AROUND = ("header", "footer")
_HIDDEN = '[hidden], [aria-hidden="true"], [role="navigation"], [role="banner"], .visually-hidden'
_SCHEMES = ("http", "https", "mailto", "tel")


def convert_html(data: bytes | str, url: str | None = None) -> Converted:
    """Raises `Unreadable`. Relative links are kept only where `url` says what they lead to."""
    page = BeautifulSoup(data, "html.parser")
    base = page.find("base", href=True)
    home = urljoin(url or "", str(base["href"])) if isinstance(base, Tag) else url
    robots = _robots(page)
    links = () if "nofollow" in robots else tuple(dict.fromkeys(_links(page, home)))
    title, language = _title(page), _language(page)
    address = _canonical(page, url) or url
    root = _root(page)
    _strip(root)
    _mark(root)
    _address(root, home)
    try:
        body = _Converter(
            heading_style="ATX", bullets="-", escape_asterisks=False, escape_underscores=False
        ).convert_soup(root)
    except RecursionError:
        raise Unreadable("its parts are nested too deeply to be read") from None
    return Converted(
        title=title,
        body=_tidy(str(body)),
        url=address,
        language=language,
        links=links,
        hidden="noindex" in robots,
    )


class _Converter(MarkdownConverter):
    """Markdown as the chat shows it."""


def _robots(page: BeautifulSoup) -> str:
    found = page.find("meta", attrs={"name": "robots"})
    return str(found.get("content", "")).casefold() if isinstance(found, Tag) else ""


def _links(page: BeautifulSoup, home: str | None) -> Iterator[str]:
    for anchor in page.find_all("a", href=True):
        if "nofollow" in (anchor.get("rel") or []):
            continue
        address = _joined(home, str(anchor["href"]))
        if address and address.startswith(("http://", "https://")):
            yield address


def _title(page: BeautifulSoup) -> str:
    for found in (page.find("h1"), page.find("title")):
        text = " ".join(found.get_text(" ").split()) if found else ""
        if text:
            return text
    return ""


_CODE = re.compile("[a-z]{2,3}")


def _language(page: BeautifulSoup) -> str | None:
    root = page.find("html")
    said = str(root.get("lang") or "") if isinstance(root, Tag) else ""
    code = said.replace("_", "-").split("-")[0].strip().casefold()
    return code if _CODE.fullmatch(code) else None  # "english", say: it is detected then


def _canonical(page: BeautifulSoup, url: str | None) -> str | None:
    """What the page calls itself, where that is on the same host."""
    found = page.find("link", rel="canonical", href=True)
    if url is None or not isinstance(found, Tag):
        return None
    address = _joined(url, str(found["href"]))
    same = address and urlsplit(address)[:2] == urlsplit(url)[:2]
    return address if same else None


def _root(page: BeautifulSoup) -> Tag:
    main = page.select_one("main, [role=main]")
    articles = page.find_all("article")
    found = main or (articles[0] if len(articles) == 1 else None) or page.find("body") or page
    assert isinstance(found, Tag)  # noqa: S101  names were asked for, not texts
    return found


def _strip(root: Tag) -> None:
    for comment in root.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for dead in (*root.find_all(_DEAD), *root.select(_HIDDEN)):
        if not dead.decomposed:
            dead.decompose()
    for around in root.find_all(_AROUND):
        inside = around.find_parent(("article", "section")) is not None
        if not around.decomposed and not inside and around.find(_HEADINGS) is None:
            around.decompose()
    for button in root.find_all("button"):
        button.unwrap()  # a question that opens its answer


def _mark(root: Tag) -> None:
    """Headings that look like headings, each with its anchor."""
    for summary in root.find_all("summary"):
        if summary.find(_HEADINGS) is None:
            summary.name = "h4"
    for term in root.find_all("dt"):
        term.name = "h4"
    for heading in root.find_all(_HEADINGS):
        anchor = _anchor(heading)
        text = " ".join(heading.get_text(" ").split())
        heading.string = f"{text} {{#{anchor}}}" if anchor and text else text


def _anchor(heading: Tag) -> str:
    inside = heading.select_one("[id]")
    section = heading.find_parent(("section", "details", "article"))
    first = section.find(_HEADINGS) if section is not None else None
    around = section if first is heading else None
    for one in (heading, inside, around):
        name = str(one.get("id") or "") if isinstance(one, Tag) else ""
        if name and not any(letter.isspace() or letter in "{}" for letter in name):
            return name
    return ""


def _address(root: Tag, home: str | None) -> None:
    """Links that lead somewhere; of all others only the words stay."""
    for anchor in root.find_all("a"):
        address = _joined(home, str(anchor.get("href") or ""))
        if not address or not anchor.get_text(strip=True):
            anchor.unwrap()
        else:
            anchor.attrs = {"href": address}


def _joined(home: str | None, href: str) -> str | None:
    try:
        address = urljoin(home or "", href.strip())
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    return address if scheme in _SCHEMES and not any(one.isspace() for one in address) else None


def _tidy(text: str) -> str:
    """No more than one empty line between paragraphs, and none of blanks."""
    lines = [line.rstrip() for line in text.replace("\0", "").split("\n")]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip()
