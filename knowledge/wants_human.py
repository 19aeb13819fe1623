"""Hears a customer ask for a person, in the ways people do; blind to people merely mentioned."""

import re
import unicodedata

from knowledge.abroad import asked_abroad
from knowledge.phrases import ALONE, DECLINES, REQUESTS, compiled
from knowledge.spelling import mended

_REQUEST = compiled(REQUESTS)
_ALONE = re.compile(f"(?:{compiled(ALONE).pattern})[ .!?]*")
_DECLINE = compiled(DECLINES)
# "Why can't I talk to a person?" declines nothing.
_WHY_NOT = re.compile(r"\b(?:why|can t|cannot|cant|can not)\b")

# A person named, with nothing else asked: "agent", "real person now".
_NAMES = "human humans agent agents representative representatives operator person rep advisor"
_NAMED = frozenset(_NAMES.split())
_FILLERS = """
a an the please now real live actual just hi hello hey ok okay yes nope yeah thanks thank you i want
need to talk speak with me get give some another customer service support asap right immediately
being help chat again only proper your sir
"""
_FILLER = frozenset(_FILLERS.split())
_LONGEST_NAMED = 6

# A request stands near the start or the end; nobody hides one in the middle of an essay.
_HEARD = 1500
_NOT_WORD = re.compile(r"[^\w.?!,;]+")
_STOP = re.compile(r"([.?!,;])+")
_STOPS = ".?!,;"


def wants_human(text: str) -> float:
    """1.0 for a request to be helped by a person, 0.0 otherwise."""
    said = plain(text)
    heard = _mended(said)
    if _is_named(heard) or _is_named(_last(heard)) or _ALONE.fullmatch(heard):
        return 1.0
    for found in _REQUEST.finditer(heard):
        if not _is_declined(heard, found):
            return 1.0
    return float(asked_abroad(said))


def declines_human(text: str) -> bool:
    """Whether a text speaks of a person to say that none is needed, or asks what it talks to."""
    heard = normalised(text)
    return _DECLINE.search(heard) is not None and _WHY_NOT.search(heard) is None


def normalised(text: str) -> str:
    """Plain words, with slips in the English ones that matter mended."""
    return _mended(plain(text))


def plain(text: str) -> str:
    """Lower case, no accents, one space between words, stops apart; the ends of an essay."""
    if len(text) > 2 * _HEARD:
        text = f"{text[:_HEARD]} . {text[-_HEARD:]}"
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(_STOP.sub(r" \1 ", _NOT_WORD.sub(" ", bare)).split())


def _mended(said: str) -> str:
    return " ".join(mended(word) for word in said.split())


def _is_named(heard: str) -> bool:
    words = {word for word in heard.split() if word.isalnum()}
    if len(words) > _LONGEST_NAMED or _NAMED.isdisjoint(words):
        return False
    return words <= _FILLER | _NAMED


def _last(heard: str) -> str:
    """The last clause: "not helpful. human."."""
    return re.split(f"[{_STOPS}]", heard.rstrip(f" {_STOPS}"))[-1]


def _is_declined(heard: str, found: re.Match[str]) -> bool:
    """Whether the clause around a request takes it back."""
    start = max(heard.rfind(stop, 0, found.start()) for stop in _STOPS) + 1
    ends = [place for stop in _STOPS if (place := heard.find(stop, found.end())) >= 0]
    clause = heard[start : min(ends, default=len(heard))]
    return _DECLINE.search(clause) is not None and _WHY_NOT.search(clause) is None
