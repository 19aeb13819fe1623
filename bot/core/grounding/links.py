"""Web and mail addresses in a text, in the one form they are compared in."""

import re

_ADDRESS = re.compile(
    r"""(?P<target>\]\(\s*<?[^)\s>]*)              # the target of a Markdown link or picture
      | (?P<scheme>\b[a-z][a-z0-9+.-]{1,20}:/{0,2}[^\s<>"'()\[\]]+)
      | (?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
      | (?P<bare>\b(?:[\w-]+\.)+[^\W\d_]{2,24}\b(?:[/?#][^\s<>"'()\[\]]*)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_SCHEME = re.compile(r"[a-z]+:(?!/|www\.|\S*[@.]\S)", re.IGNORECASE)
_ACTS = re.compile(r"(?:javascript|vbscript|data|blob|tel|sms|callto):", re.IGNORECASE)
_ABBREVIATED = re.compile(r"(?:[a-z]\.)+[a-z]{1,2}", re.IGNORECASE)  # e.g, i.e, z.B, p.m


def links_in(text: str) -> tuple[frozenset[str], str]:
    """The addresses of a text, and the text without them."""
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        words = match.group()
        if match["target"] is not None:
            words = words[2:].strip(" <")
        elif match["scheme"] is not None and _NO_SCHEME.match(words) and not _ACTS.match(words):
            return match.group()  # "note:this", a colon without its space
        elif match["bare"] is not None and _ABBREVIATED.fullmatch(words):
            return match.group()
        found.add(link_key(words))
        return "]" if match["target"] is not None else " "

    rest = _ADDRESS.sub(take, text)
    return frozenset(found) - {""}, rest


def link_key(link: str) -> str:
    """An address without scheme, www., case of the host, and what ends a sentence."""
    bare = link.strip().rstrip(".,;:!?/").removeprefix("mailto:")
    scheme, found, rest = bare.partition("://")
    kept = "" if scheme.casefold() in ("http", "https") else f"{scheme.casefold()}://"
    whole = f"{kept if found else ''}{rest if found else bare}"
    host = re.match(r"[^/?#]*", whole)
    length = host.end() if host else 0
    return whole[:length].casefold().removeprefix("www.") + whole[length:]
