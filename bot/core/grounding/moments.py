"""Dates and times of day in a text, whatever way they are written."""

import re
from dataclasses import dataclass

from bot.core.grounding.vocabulary import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"""\b(?:
        (?P<iso_y>\d{{4}})-(?P<iso_m>\d{{1,2}})-(?P<iso_d>\d{{1,2}})
      | (?P<a>\d{{1,2}})(?P<sep>[./])(?P<b>\d{{1,2}})(?P=sep)(?P<num_y>\d{{4}}|\d{{2}})
      | (?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\ (?:of\ |de\ )?(?P<m1>{_MONTH})\b\.?
            (?:,?\ (?:de\ )?(?P<y1>\d{{4}}))?
      | (?P<m2>{_MONTH})\b\.?\ (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\ ?[:%€])
            (?:,?\ (?P<y2>\d{{4}}))?
      | (?P<m3>{_MONTH})\b\.?,?\ (?:de\ )?(?P<y3>\d{{4}})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_TIME = re.compile(
    r"""\b(?:(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s?(?P<half>am|pm|a\.m\.?|p\.m\.?)(?![^\W_])
      | (?P<h2>\d{1,2})(?:[:.](?P<m2>\d{2}))?\s?(?:uhr|o'clock)\b
      | (?P<h3>\d{1,2})(?P<sep>:|h)(?P<m3>\d{2})\b
      | (?P<noon>noon|midday|midnight|mittag|mitternacht|minuit|mediodía|medianoche)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NIGHT = frozenset(("midnight", "mitternacht", "minuit", "medianoche"))
_CENTURY = 100


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it was said. `days` holds (month, day) in each way it may be read."""

    days: frozenset[tuple[int, int]]
    year: int | None = None

    def within(self, other: "Date") -> bool:
        """Whether the other says all of this one."""
        known = self.year is None or self.year == other.year
        return known and bool(self.days & (other.days | {(m, 0) for m, _ in other.days}))


def dates_in(text: str) -> tuple[tuple[Date, ...], str]:
    """The dates of a text, and the text without them."""
    found = tuple(_date(match) for match in _DATE.finditer(text))
    return found, _DATE.sub(" ", text)


def times_in(text: str) -> tuple[frozenset[int], str]:
    """The times of day of a text in minutes since midnight, and the text without them."""
    found = frozenset(_minutes(match) for match in _TIME.finditer(text))
    return found, _TIME.sub(" ", text)


def dates_marked(text: str) -> str:
    """The text with a word of letters alone for each day that is named with its number."""
    return _DATE.sub(lambda match: f" {_word('ad', *_of(match))} ", text)


def times_marked(text: str) -> str:
    """The text with a word of letters alone for each time of day."""
    return _TIME.sub(lambda match: f" {_word('at', _minutes(match))} ", text)


def _of(match: re.Match[str]) -> tuple[int, int]:
    return min(_date(match).days)


def _word(kind: str, *numbers: int) -> str:
    figures = "".join(f"{number:04d}" for number in numbers)
    return kind + "".join("abcdefghij"[int(figure)] for figure in figures) + "z"


def _date(match: re.Match[str]) -> Date:
    if match["iso_y"]:
        day = (int(match["iso_m"]), int(match["iso_d"]))
        return Date(frozenset({day}), int(match["iso_y"]))
    if match["a"]:
        a, b, year = int(match["a"]), int(match["b"]), int(match["num_y"])
        ways = {(b, a)} if match["sep"] == "." else {(a, b), (b, a)}
        return Date(frozenset(ways), year if year >= _CENTURY else year + 2000)
    named = match["m1"] or match["m2"] or match["m3"]
    said = match["d1"] or match["d2"] or "0"
    of = match["y1"] or match["y2"] or match["y3"]
    day = (MONTHS[named.casefold()], int(said))
    return Date(frozenset({day}), int(of) if of else None)


def _minutes(match: re.Match[str]) -> int:
    if match["noon"]:
        return 0 if match["noon"].casefold() in _NIGHT else 720
    hour = int(match["h"] or match["h2"] or match["h3"])
    minute = int(match["m"] or match["m2"] or match["m3"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].casefold().startswith("p") else 0)
    return 60 * hour + minute
