"""Takes a message apart: several questions, the places of a long one, what leans on before."""

import re
from dataclasses import dataclass

LONG = 60
"""Words from which a message is a story, in which the question must be found."""
# 256 word pieces are some 180 words.
_ENCODED = 180

_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\s*\n+\s*")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_ASKING = (
    "how|what|whats|when|where|who|whom|whose|why|which|can|could|do|does|did|is|are|was|were|"
    "will|would|should|shall|may|have|has|am"
)
# "…, and how …", "… also can …", "… plus what …": a second question in the same sentence.
_SECOND = re.compile(
    rf"(?:[,;]?\s+(?:and|also|plus|but)(?:\s+(?:also|then|if so|secondly))?,?|;|,\s*also,?)\s+"
    rf"(?=(?:{_ASKING})\b)",
    re.IGNORECASE,
)
_OPENS = re.compile(rf"\W*(?:(?:so|and|but|also|hi|hello|hey|please|ok|well|then|or)\W+)*"
                    rf"(?:{_ASKING})\b", re.IGNORECASE)  # fmt: skip
_PAIR = re.compile(r"\s+(?:and|or|&|\+)\s+|\s*/\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.):])\s+")
# Asked of the listener and not of the library.
_IDLE = re.compile(
    r"\W*(?:(?:so|and|but|please|ok|well)\W+)*(?:(?:can|could|would|will) (?:you|anyone|someone)"
    r"(?: please)? (?:help|assist|advise|explain|check|look|tell me|let me know|fix)(?: me)?"
    r"(?: (?:out|please|with (?:this|that|it)|why|this|that|it|into (?:this|it)))*|"
    r"(?:is|are|was|does|do|did|can|would|will|how is|why is|why|how) (?:that|this|it|you|i|they)"
    r"(?: (?:possible|ok|okay|right|normal|correct|true|do (?:that|this|it)|work|so|help|"
    r"get help|sure|please))*|any (?:idea|ideas|help|advice|news|update|updates|suggestions?)|"
    r"what(?: (?:happened|now|gives|is (?:going on|happening|wrong)|s (?:going on|up|wrong)|"
    r"(?:should|can|do|must) i do))?(?: (?:now|about (?:it|this|that)|here|next))*|right|why not|"
    r"please|how come|help|what to do)[\s?!.]*",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"\W*(?:(?:and|but|or|then|so|ok|okay|also|oh|plus|hm+)\b\W*)*"
    r"(?:(?:and|but|or|then|so|also|plus)\b|(?:what|how) (?:about|if|of)\b|for\b|in\b|to\b|from\b|"
    r"with(?:out)?\b|if\b|only\b|even\b|same\b)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|that|this|they|them|their|those|these|there|one|ones|same|instead|afterwards|"
    r"he|she|him|her)\b",
    re.IGNORECASE,
)
_LEANING_WORDS = 10
_BARE_WORDS = 3
_QUESTION_WORDS = 3
_PAIR_WORDS = 6
_MOST = 4
_WINDOW = 2
_WINDOWS = 10
# Words that say nothing about what is asked.
_EMPTY_WORDS = """
a an the i you we me my your our us to of for in on at by with from and or but so it its that this
they them their there those these one about if then also be been get got go as any some please ok
not no yes just only much many long take takes work works same instead even too now
"""
_EMPTY = frozenset((*_EMPTY_WORDS.split(), *_ASKING.split("|")))


@dataclass(frozen=True, slots=True)
class Split:
    """What a message may fall into. `firm`: by question marks or lines, not by an "and"."""

    parts: tuple[str, ...]
    firm: bool


def words_in(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    return [one for part in _SENTENCE.split(text) if (one := part.strip())]


def several(text: str) -> Split | None:
    """The questions in a message that looks like more than one; None for any other."""
    asked = _asked(text)
    if len(asked) > 1:
        return Split(tuple(asked[:_MOST]), firm=True)
    if len(words_in(text)) > LONG:
        return None
    one = asked[0] if asked else text
    halves = [half.strip() for half in _SECOND.split(one)]
    if len(halves) > 1 and _OPENS.match(halves[0]) and _all_questions(halves):
        return Split(tuple(halves[:_MOST]), firm=False)
    pair = [half.strip(" ?!.") for half in _PAIR.split(text.strip())]
    short = len(words_in(text)) <= _PAIR_WORDS and not _OPENS.match(text)
    if len(pair) > 1 and short and all(pair):
        return Split(tuple(pair[:_MOST]), firm=False)
    return None


def _asked(text: str) -> list[str]:
    """Sentences with a question mark, or lines of a list, that ask something of the library."""
    lines = [line for line in text.splitlines() if line.strip()]
    bullets = [_BULLET.sub("", line).strip() for line in lines if _BULLET.match(line)]
    if len(bullets) > 1:
        return bullets
    found = [one for one in sentences(text) if _asks(one)]
    return [one for one in found if len(words_in(one)) >= _QUESTION_WORDS] or found[:1]


def _asks(sentence: str) -> bool:
    return sentence.rstrip("\"')]").endswith("?") and not _IDLE.fullmatch(sentence)


def _all_questions(halves: list[str]) -> bool:
    return all(
        len(words_in(half)) >= _QUESTION_WORDS and not _IDLE.fullmatch(half) for half in halves
    )


def leans(text: str) -> bool:
    """Whether a message may need the one before it: "express?", "how long does it take?"."""
    count = len(words_in(text))
    return 0 < count <= _BARE_WORDS or points_back(text)


def points_back(text: str) -> bool:
    """Whether a short message says so itself: "and for Austria?", "how long does it take?"."""
    if not 0 < len(words_in(text)) <= _LEANING_WORDS:
        return False
    return bool(_LEADS.match(text) or _POINTS.search(text))


def content(text: str) -> frozenset[str]:
    """The words of a text that say what it is about, in lower case."""
    return frozenset(word for word in words_in(text.casefold()) if word not in _EMPTY)


def is_long(text: str) -> bool:
    """Whether a message is longer than what one vector can stand for."""
    return len(words_in(text)) > LONG


@dataclass(frozen=True, slots=True)
class Places:
    """Where the question of a long text may be: sentences that ask, its ends, and the rest."""

    asked: tuple[str, ...]
    ends: tuple[str, ...]
    rest: tuple[str, ...]


def fits(text: str) -> bool:
    """Whether an encoder reads all of a long message."""
    return len(words_in(text)) <= _ENCODED


def windows(text: str) -> Places:
    """The places of a long text to look at, likeliest first; at most some fifteen in all."""
    said = sentences(text)
    if len(said) == 1:
        said = _chunks(text)
    asked = [one for one in said if _asks(one)][-_MOST:]
    ends = [one for one in dict.fromkeys((*said[-_WINDOW:], said[0])) if one not in asked]
    pairs = [" ".join(said[at : at + _WINDOW]) for at in range(0, len(said), _WINDOW)]
    step = -(-len(pairs) // _WINDOWS)
    rest = [one for one in dict.fromkeys(pairs[::step]) if one not in (*asked, *ends)]
    return Places(tuple(dict.fromkeys(asked)), tuple(ends), tuple(rest))


def _chunks(text: str) -> list[str]:
    """Words without any stop, some thirty at a time."""
    words = text.split()
    size = LONG // 2
    return [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
