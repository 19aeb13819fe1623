"""Whether a number keeps its bound: "at least 3" is not "at most 3", "within" is not "after"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from bot.core.grounding.numbers import Token, tokens_of
from bot.core.words import base

_LEAST = {
    "en": "at least|minimum|minimum of|less than$not|fewer than$not|more than|over|above|from|after"
    "|since|starting at|later than|exceeding|exceed|exceeds|older than|longer than|upwards of",
    "de": "mindestens|ab|über|mehr als|nach|seit|minimal|länger als|frühestens",
    "fr": "au moins|minimum|plus de|après|dès|à partir de|depuis|au-dessus de",
    "es": "al menos|mínimo|más de|después de|desde|a partir de|tras|como mínimo",
}
_MOST = {
    "en": "at most|up to|maximum|maximum of|max|no more than|not more than|no later than|not later than|within"
    "|inside|less than|fewer than|under|below|until|till|before|by|younger than|no longer than",
    "de": "höchstens|bis zu|bis|maximal|innerhalb von|innerhalb|binnen|weniger als|unter|vor|spätestens",
    "fr": "au plus|jusqu'à|maximum|moins de|sous|avant|d'ici|dans un délai de|en moins de|au maximum",
    "es": "como máximo|hasta|máximo|menos de|antes de|dentro de|en un plazo de|a más tardar",
}
_TRAILING = {
    "least": {"en": "or more|and more|and over|or older|at least|minimum|later|after|and above",
              "de": "oder mehr|mindestens|später|danach", "fr": "ou plus|au moins|plus tard|après",
              "es": "o más|al menos|después|más tarde"},
    "most": {"en": "or less|or fewer|at most|maximum|max|earlier|before|beforehand|ahead|at the latest",
             "de": "oder weniger|höchstens|vorher|früher|davor", "fr": "ou moins|au plus|avant",
             "es": "o menos|como máximo|antes"},
}  # fmt: skip
_LOOSE = {"en": "in|about|around", "de": "in|etwa|rund", "fr": "en|dans|environ", "es": "en|unos"}
_BETWEEN = frozenset("between from zwischen von ab entre de desde".split())
_JOINTS = frozenset("- to and until till bis und à et a y hasta".split())
_PASSED = frozenset(
    "the a an about around first full another only working business der die das den dem einem ersten"
    " le la les un une el los las una € $ £ etwa rund environ unos usually".split()
)
_REACH = 3
_REMEMBERED = 4096
"""Clauses whose bounds are kept: the same articles are cited for one sentence after the other."""
_MOMENT = re.compile(r"at[a-j]+z|ad[a-j]+z")


class Said(Protocol):
    """A clause of an article, in the language of which nothing is known but its words."""

    @property
    def text(self) -> str: ...


def bounds_kept(text: str, sources: Sequence[Said], language: str) -> bool:
    """Whether each number of a clause has a bound that the nearest source with it has."""
    said = _bounds(text, language)
    theirs = [_bounds(source.text, *_LEAST) for source in sources] if said else []
    for number, bound in said:
        near = next((found for found in theirs if any(n == number for n, _ in found)), None)
        if near is not None and not any(n == number and _agree(bound, b) for n, b in near):
            return False
    return True


def _agree(said: str, written: str) -> bool:
    return said == written or {said, written} in ({"loose", ""}, {"loose", "most"})


@lru_cache(maxsize=_REMEMBERED)
def _bounds(text: str, *languages: str) -> tuple[tuple[str, str], ...]:
    tokens = tokens_of(text, *languages)
    found = []
    for place, token in enumerate(tokens):
        if token.value is not None:
            found.append((f"{token.value.normalize():f}", _bound(tokens, place, languages)))
        elif _MOMENT.fullmatch(token.word):
            found.append((token.word, _bound(tokens, place, languages)))
    return tuple(found)


def _bound(tokens: Sequence[Token], place: int, languages: Sequence[str]) -> str:
    words = [t.word for t in tokens]
    first = _first_of_range(tokens, place)
    joined = first != place or _opens_range(tokens, place)
    start = first
    while start and first - start < _REACH and words[start - 1] in _PASSED:
        start -= 1
    lead = " ".join(words[max(0, start - 4) : start])
    if joined and start and words[start - 1] in _BETWEEN:
        return ""
    after = " ".join(words[place + 1 : place + 6])
    for code in (base(one) for one in languages):
        if bound := _leading(lead, code) or _trailing(after, code):
            return bound
    loose = (
        any(words[start - 1] in _LOOSE.get(base(c), "").split("|") for c in languages)
        if start
        else False
    )
    return "loose" if loose else ""


def _leading(lead: str, code: str) -> str:
    """The longest phrase that ends where the number begins: "no less than" before "less than"."""
    if re.search(
        r"\b(?:no|not|nicht|pas|no) (?:less|fewer|earlier|weniger|moins|menos) (?:than|als|de)$",
        lead,
    ):
        return "least"
    if re.search(
        r"\b(?:no|not|nicht|pas) (?:more|later|longer|mehr|länger|später|plus|más) (?:\w+ )?(?:than|als|de)$",
        lead,
    ):
        return "most"
    for bound, words in (("most", _MOST), ("least", _LEAST)):
        phrases = (p for p in words.get(code, "").split("|") if p and "$" not in p)
        if any(f" {lead}".endswith(f" {phrase}") for phrase in phrases):
            return bound
    return ""


def _trailing(after: str, code: str) -> str:
    for bound, words in _TRAILING.items():
        for phrase in words.get(code, "").split("|"):
            if phrase and re.match(rf"(?:\S+ ){{0,2}}?{phrase}\b", after):
                return bound
    return ""


def _is_number(token: Token) -> bool:
    return token.value is not None or _MOMENT.fullmatch(token.word) is not None


def _alike(one: Token, other: Token) -> bool:
    return one.word[:2] == other.word[:2] or (one.value is None) == (other.value is None)


def _first_of_range(tokens: Sequence[Token], place: int) -> int:
    for back in (2, 3, 4):
        start = place - back
        if start >= 0 and _is_number(tokens[start]):
            between = [t.word for t in tokens[start + 1 : place]]
            if between[-1] in _JOINTS and _alike(tokens[start], tokens[place]):
                return start
    return place


def _opens_range(tokens: Sequence[Token], place: int) -> bool:
    for ahead in (2, 3, 4):
        end = place + ahead
        if end < len(tokens) and _is_number(tokens[end]) and tokens[end - 1].word in _JOINTS:
            return _alike(tokens[place], tokens[end])
    return False
