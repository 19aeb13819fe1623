"""Reads sitemaps: the addresses of pages, or of more sitemaps."""

import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from defusedxml import DefusedXmlException, ElementTree

from knowledge.site.fetch import LARGEST, Unfetched

_GZIP = b"\x1f\x8b"
_ANY_HEADER = zlib.MAX_WBITS | 32


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What it lists, in its order."""

    pages: tuple[str, ...]
    maps: tuple[str, ...]


def looks_like_one(url: str) -> bool:
    path = urlsplit(url).path.casefold()
    return path.endswith((".xml", ".xml.gz"))


def read_sitemap(body: bytes) -> Sitemap:
    """Raises `Unfetched` for what is none."""
    try:
        root = ElementTree.fromstring(_unpacked(body))
    except (ElementTree.ParseError, DefusedXmlException, LookupError, ValueError, zlib.error):
        raise Unfetched("it is not a sitemap: check the address") from None
    found: dict[str, list[str]] = {"url": [], "sitemap": []}
    for entry in root:
        listed = found.get(_name(entry.tag))
        for part in entry if listed is not None else ():
            if _name(part.tag) == "loc" and part.text and listed is not None:
                listed.append(part.text.strip())
    return Sitemap(tuple(found["url"]), tuple(found["sitemap"]))


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    found = zlib.decompressobj(_ANY_HEADER).decompress(body, LARGEST + 1)
    if len(found) > LARGEST:
        raise Unfetched("unpacked the sitemap is larger than 10 MB")
    return found


def _name(tag: object) -> str:
    return str(tag).rpartition("}")[2]
