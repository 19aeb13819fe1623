"""The check itself: a sentence may say nothing that its own articles do not say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from bot.core.grounding.languages import readable, spoken_in
from bot.core.grounding.links import link_key, links_in
from bot.core.grounding.moments import Date, dates_in, times_in
from bot.core.grounding.names import calendar_in, codes_in, names_in, words_in
from bot.core.grounding.numbers import Amount, amounts_in
from bot.core.grounding.plain import comparable, word_key
from bot.core.grounding.signs import strange
from bot.core.grounding.stance import Stance
from bot.core.grounding.support import supported
from bot.core.words import base
from bot.domain.knowledge import Passage
from bot.domain.writing import Sentence

Flaw: TypeAlias = Literal[
    "citation",
    "language",
    "link",
    "code",
    "date",
    "time",
    "number",
    "name",
    "denial",
    "stance",
    "bound",
    "sign",
    "support",
]
"""What a sentence has that its articles have not."""

_DIALLED = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()./-]{0,2}\d){6,}")
_RUN = re.compile(r"\+?\(?\d(?:[ ()./,'-]{0,2}\d)*")
_SAME_TAIL = 7
_BULLET = re.compile(r"^(?:[1-9]|1\d)[.)] (?=[^\W\d_a-z])|^[-*•] ")
_CODES = re.compile(r"\b[^\W\d_]+-?\d[\w-]*")
"""A code's figures are no amount: "a1" is no ground for "1 day"."""
_LEAD_IN = re.compile(
    r"^(?:unfortunately|sorry|regrettably|i'?m afraid|in short|of course|leider|natürlich"
    r"|malheureusement|désolée?|bien sûr|lamentablemente|por desgracia|claro)"
    r"(?:, (?:but|aber|mais|pero))?,? (?=\w)",
    re.IGNORECASE,
)
"""How people begin to say no, or yes: it says nothing by itself."""
_HOUR = 60
_REMEMBERED = 256
"""Articles kept taken apart: that takes milliseconds on the loop, and a few are cited often."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What one article says, taken apart once."""

    text: str
    body: str
    language: str
    links: frozenset[str]
    codes: frozenset[str]
    runs: frozenset[str]
    dates: tuple[Date, ...]
    times: frozenset[int]
    amounts: tuple[Amount, ...]
    calendar: frozenset[tuple[str, int]]
    words: frozenset[str]


class Grounds:
    """The articles of one answer, ready for many sentences. The question grounds nothing."""

    def __init__(self, passages: Sequence[Passage], language: str) -> None:
        self._language = base(language)
        self._said: Mapping[str, _Said] = {p.article: _said(p, self._language) for p in passages}

    def flaw(self, sentence: Sentence) -> Flaw | None:
        """What is wrong with a sentence; None when it may be sent."""
        cited = [self._said[name] for name in sentence.cites if name in self._said]
        if not cited or len(cited) != len(sentence.cites):
            return "citation"
        if not all(readable(code) for code in (self._language, *(one.language for one in cited))):
            return "language"
        text = _LEAD_IN.sub("", _BULLET.sub("", comparable(sentence.text)))
        known = frozenset[str]().union(*(one.links for one in cited))
        links, text = links_in(text)
        # Emphasis is not seen by who reads: "evil*.*example" is an address all the same.
        hidden, text = links_in(text.replace("*", ""))
        if not (links | hidden) <= known:
            return "link"
        text = text.replace("])", "]")
        if strange(text, " ".join(one.body for one in cited)):
            return "sign"
        return self._figures(text, cited) or self._words(text, cited)

    def _figures(self, text: str, cited: Sequence[_Said]) -> Flaw | None:
        dates, text = dates_in(text)
        if not all(any(d.within(o) for one in cited for o in one.dates) for d in dates):
            return "date"
        amounts = [a for one in cited for a in one.amounts]
        times, text = times_in(text)
        if not all(any(t in one.times for one in cited) or _hour(t, amounts) for t in times):
            return "time"
        dialled = {_digits(match.group()) for match in _DIALLED.finditer(text)}
        runs = frozenset().union(*(one.runs for one in cited))
        if not all(any(_same_line(number, run) for run in runs) for number in dialled):
            return "number"
        codes, text = codes_in(_DIALLED.sub(" ", text))
        if not codes <= frozenset().union(*(one.codes for one in cited)):
            return "code"
        said = amounts_in(text, self._language)
        return None if all(any(a.agrees(b) for b in amounts) for a in said) else "number"

    def _words(self, text: str, cited: Sequence[_Said]) -> Flaw | None:
        named = calendar_in(dates_in(text)[1], all_words=False)
        if not named <= frozenset().union(*(one.calendar for one in cited)):
            return "date"
        words = frozenset().union(*(one.words for one in cited))
        if any(word_key(name) not in words for name in names_in(text, self._language)):
            return "name"
        same = [one.text for one in cited if one.language == self._language]
        if len(same) == len(cited) and not supported(text, " ".join(same), self._language):
            return "support"
        if len(same) != len(cited) and not spoken_in(text, self._language):
            return "language"
        stance = Stance([(one.body, one.language) for one in cited])
        return stance.kept(text, self._language)


_STEPS = re.compile(r"^\s*\d{1,2}[.)]\s+", re.MULTILINE)


@lru_cache(maxsize=_REMEMBERED)
def _said(passage: Passage, language: str) -> _Said:
    # The numbers of steps are no amounts: they would ground any.
    whole = comparable(f"{passage.question} . {_STEPS.sub('', passage.text)}")
    links, text = links_in(whole)
    if passage.url:
        links |= {link_key(passage.url)}
    dates, dateless = dates_in(text)
    times, bare = times_in(dateless)
    amounts = amounts_in(_CODES.sub(" ", bare), base(passage.language), language)
    return _Said(
        text=text,
        body=passage.text,
        language=base(passage.language),
        links=links,
        codes=codes_in(dateless)[0],
        runs=frozenset(_digits(match.group()) for match in _RUN.finditer(text)),
        dates=dates,
        times=times,
        amounts=(*amounts, *_hours(times), *_parts(dates)),
        calendar=calendar_in(text, all_words=True),
        words=words_in(text),
    )


def _hours(times: frozenset[int]) -> tuple[Amount, ...]:
    """What full hours are as bare numbers: "4 pm" may be told as "from 9 to 16".

    As the numbers of dates they have a unit of their own: "2 pm" is no ground for "2 weeks".
    """
    full = (time // _HOUR for time in times if time % _HOUR == 0)
    return tuple(Amount(Decimal(n), "clock") for hour in full for n in {hour, hour % 12 or 12})


def _parts(dates: Sequence[Date]) -> tuple[Amount, ...]:
    said = [n for date in dates for n in (date.year, *(day for _, day in date.days)) if n]
    return tuple(Amount(Decimal(n), "date") for n in said)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _same_line(dialled: str, written: str) -> bool:
    """The same digits; the way abroad in front may be there or not."""
    if dialled == written:
        return True
    short, long = sorted((dialled.lstrip("0"), written.lstrip("0")), key=len)
    return len(short) >= _SAME_TAIL and long.endswith(short)


def _hour(minutes: int, amounts: Sequence[Amount]) -> bool:
    """A full hour may be a bare number in the article: "from 8 to 20"."""
    hour, odd = divmod(minutes, _HOUR)
    return not odd and Amount(Decimal(hour)) in amounts
