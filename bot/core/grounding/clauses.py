"""A text cut into clauses, each with its telling words and what turns it round."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.grounding.links import links_in
from bot.core.grounding.marks import Denials, denials_in, marks_in, only_of
from bot.core.grounding.moments import dates_marked, times_marked
from bot.core.grounding.numbers import tokens_of
from bot.core.grounding.plain import comparable
from bot.core.grounding.support import small_words, stem
from bot.core.grounding.vocabulary import AMBIGUOUS, MONTHS, WEEKDAYS
from bot.core.words import base

_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s+-\s+|\s*[()]\s*")
_BEGINS = {
    "en": r"but|so|if|when|while|because|which|where|as long as|once|then|otherwise|after that|and then"
    r"|(?:and |or )?(?:you|we|they|it|he|she|i|there|this|closed|open|on)(?= )"
    r"|and (?=[^,]*\b(?:no|not|none|never)\b)|(?:and |or )?(?:do not|don't|cannot|can't|never|not|no|without)(?= )",
    "de": r"aber|sondern|wenn|falls|weil|während|sobald|solange|sonst|dann|danach"
    r"|(?:und )?(?:sie|wir|du|es|er|man)(?= )|(?:und )?(?:nie|nicht|kein\w*|ohne)(?= )",
    "fr": r"mais|si|quand|lorsque|car|sinon|puis|(?:et )?(?:vous|nous|il|elle|ils|on)(?= )"
    r"|(?:et )?(?:jamais|pas|sans|ne)(?= )",
    "es": r"pero|sino|si|cuando|porque|entonces|luego|(?:y )?(?:usted|nosotros|ellos)(?= )"
    r"|(?:y )?(?:nunca|no|sin)(?= )",
}
_SUPPOSING = r"if|when|while|in case|as long as|wenn|falls|solange|sobald|cuando|quand|lorsque"
_CONDITION = re.compile(
    rf"(?:(?:and|but|only|please) )?(?:{_SUPPOSING}|where|whether|ob|si)\b", re.IGNORECASE
)
_MIDWAY = re.compile(rf"\s+(?=(?:{_SUPPOSING})\s)", re.IGNORECASE)
_NONE = Denials(nots=0, withouts=0, of=frozenset())
_SHORT = frozenset(
    """am an as at be by da de do du em en er es et go he if il im in is it je la le me my ni no ob of
    on or ou so to tu um un up us wo we ya zu""".split()
)
_MARKED = re.compile(r"at[a-j]+z|ad[a-j]+z")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence. `telling` are its words in their order, figures among them."""

    text: str
    telling: tuple[str, ...]
    marks: frozenset[str]
    denials: Denials
    only: frozenset[str]
    condition: bool
    sentence: int

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.telling)


def clauses_of(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of a text, in their order. What a list is headed by counts for its items."""
    found: list[Clause] = []
    heading = _NONE
    for line in text.splitlines():
        item = _ITEM.match(line)
        if line.strip() and not item:
            heading = _NONE
        here = list(_of_line(_ITEM.sub("", line), language, len(found), heading))
        found += here
        if line.rstrip().endswith(":") and here:
            heading = here[-1].denials
    return tuple(found)


def _under(heading: Denials, own: Denials) -> Denials:
    return Denials(
        nots=heading.nots + own.nots,
        withouts=heading.withouts + own.withouts,
        of=heading.of | own.of,
    )


def _of_line(line: str, language: str, first: int, heading: Denials) -> Iterator[Clause]:
    plain = times_marked(dates_marked(links_in(comparable(line))[1].replace("])", "]")))
    sentences = (one for one in _SENTENCE.split(plain) if one.strip())
    for place, sentence in enumerate(sentences):
        for part in _parts(sentence, language):
            yield Clause(
                text=part,
                telling=tuple(_telling(part, language)),
                marks=marks_in(part, language),
                denials=_under(heading, denials_in(part, language)),
                only=only_of(part, language),
                condition=_CONDITION.match(part) is not None,
                sentence=first + place,
            )


def _parts(sentence: str, language: str) -> Iterator[str]:
    begins = _BEGINS.get(base(language))
    if begins is None:
        parts = [sentence]
    else:
        cut = rf",\s+(?=(?:{begins})\b)|\s+(?=(?:and|und|et|y|but|aber|mais|pero) (?:{begins})\b)"
        parts = re.split(cut, sentence, flags=re.IGNORECASE)
    for part in parts:
        for piece in _MIDWAY.split(part):
            condition, comma, rest = piece.partition(", ")
            halves = [condition, rest] if comma and _CONDITION.match(piece) else [piece]
            yield from (half.strip() for half in halves if half.strip())


def _telling(text: str, language: str) -> Iterator[str]:
    small = small_words(language)
    for token in tokens_of(text, language):
        word = token.word
        if token.value is not None:
            yield f"#{token.value.normalize():f}"
        elif _MARKED.fullmatch(word):
            yield word
        elif word not in AMBIGUOUS and (number := MONTHS.get(word) or 0):
            yield f"month{number}"
        elif word not in AMBIGUOUS and (number := WEEKDAYS.get(word) or 0):
            yield f"weekday{number}"
        elif len(word) > 1 and word not in small and word not in _SHORT:
            yield stem(word)
