"""Text made plain before it is compared: one form for each sign, nothing that cannot be seen."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_QUOTES = dict.fromkeys((0x2018, 0x2019, 0x02BC), "'")
_SHORT = 3


def plain(text: str) -> str:
    """The text as a reader sees it: compatibility forms folded, hidden signs gone, one line.

    A digit of any script becomes an ASCII one; a link cannot hide behind an invisible sign.
    """
    folded = unicodedata.normalize("NFKC", _digits(text))
    seen = (" " if _breaks(sign) else sign for sign in folded if not _hidden(sign))
    return _SPACE.sub(" ", "".join(seen)).strip()


def comparable(text: str) -> str:
    """`plain`, with every dash and apostrophe the same."""
    return plain(text).translate(_DASHES).translate(_QUOTES)


def word_key(word: str) -> str:
    """A word without case, accents of its possessive, and the s of its plural."""
    key = word.casefold().strip(".'-&")
    key = key.removesuffix("'s")
    return key[:-1] if len(key) > _SHORT and key.endswith("s") else key


def _digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(s)) if s.isdecimal() else s for s in text)


def _hidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cf", "Co", "Cn", "Cs")


def _breaks(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Zl", "Zp")
