"""Amounts in a text: figures and number words, each with its unit where one follows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.core.grounding.vocabulary import HALF, NUMBERS, ONE, SCALES, SKIPPED, UNITS

_TOKEN = re.compile(
    r"""(?P<figure>\d+(?:[.,' \u00a0]\d{3}(?!\d))*(?:[.,]\d+)?)
        (?:st|nd|rd|th|er|e|ème|[ºª])?(?![^\W\d_])
      | (?P<glued>\d+(?:[.,]\d+)?)(?=[^\W\d_])
      | (?P<sign>[%€£$¥]|°[cf])
      | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)
      | (?P<joint>-|/)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,' \u00a0])\d{3})(?:\1\d{3})*")
_JOINS = frozenset("- / to and or until till bis und oder à a et ou y o".split())
_TEN, _TWENTY, _HUNDRED = 10, 20, 100
_REACH = 3
"""How many tokens after a number its unit may stand."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and the unit it counts; None when no unit that we know stands beside it."""

    value: Decimal
    unit: str | None = None

    def agrees(self, other: "Amount") -> bool:
        """The same number, and no other unit."""
        return self.value == other.value and (
            self.unit is None or other.unit is None or self.unit == other.unit
        )


@dataclass(frozen=True, slots=True)
class Token:
    """A number (`value`), or a word."""

    word: str
    value: Decimal | None = None


def amounts_in(text: str, *languages: str) -> tuple[Amount, ...]:
    """Every amount of a text, in its order; number words are read in these languages."""
    tokens = [*_tokens(text.casefold(), frozenset(languages) | {"en"})]
    found = [
        _amount(tokens, place)
        for place, token in enumerate(tokens)
        if token.value is not None or _is_one(tokens, place, languages)
    ]
    return tuple(found)


def tokens_of(text: str, *languages: str) -> tuple[Token, ...]:
    """The words and numbers of a text in their order."""
    return tuple(_tokens(text.casefold(), frozenset(languages) | {"en"}))


def number_of(figure: str) -> Decimal:
    """A figure as written in any of our languages: 1,000 and 1.000 and 1 000 are a thousand."""
    bare = figure.strip()
    if _GROUPS.fullmatch(bare):
        return Decimal(re.sub(r"\D", "", bare))
    bare = re.sub(r"[' \u00a0]", "", bare)
    whole, point, rest = bare.rpartition(max(".", ",", key=bare.rfind))
    if not point:
        return Decimal(bare)
    return Decimal(f"{re.sub(r'[.,]', '', whole) or '0'}.{rest}").normalize()


def _tokens(text: str, languages: frozenset[str]) -> Iterator[Token]:
    words = {w: v for language in languages for w, v in NUMBERS.get(language, {}).items()}
    pending: list[str] = []
    for match in _TOKEN.finditer(text):
        figure = match["figure"] or match["glued"]
        if figure is None and (match["word"] in words or (pending and _goes_on(match))):
            pending.append(match.group())
            continue
        yield from _spoken(pending, words)
        pending = []
        yield Token(match.group(), number_of(figure) if figure else HALF.get(match.group()))
    yield from _spoken(pending, words)


def _goes_on(match: re.Match[str]) -> bool:
    """Whether something inside a spoken number follows: "twenty-five", "two hundred and ten"."""
    return match.group() in ("-", "and") or match.group() in SCALES


def _spoken(pending: Sequence[str], words: dict[str, int]) -> Iterator[Token]:
    """Number words in a row as numbers; "two or three" comes as two rows, "two and three" as one.

    A part that a smaller one cannot follow begins a number of its own.
    """
    total = last = None
    trailing = []
    for word in pending:
        if word in ("-", "and"):
            trailing.append(word)
            continue
        value, scale = Decimal(words.get(word, 0)), SCALES.get(word)
        if total is not None and last is not None and scale and word not in ("cent", "k"):
            total, last = total * scale, Decimal(scale)
        elif total is not None and last is not None and value < last and _fits(last, value):
            total, last = total + value, value
        else:
            if total is not None:
                yield Token("", total)
                yield from (Token(one) for one in trailing)
            total = last = Decimal(scale) if scale and word not in words else value
        trailing = []
    if total is not None:
        yield Token("", total)
    yield from (Token(one) for one in trailing)


def _fits(last: Decimal, value: Decimal) -> bool:
    """Twenty takes a one, a hundred anything below it; seven takes nothing."""
    return last >= _HUNDRED or (last >= _TWENTY and last % _TEN == 0 and value < _TEN)


def _is_one(tokens: Sequence[Token], place: int, languages: Sequence[str]) -> bool:
    """Whether "a" or "one" counts: it stands before a unit."""
    word = tokens[place].word
    if not any(word in ONE.get(language, ()) for language in (*languages, "en")):
        return False
    return _unit(tokens, place + 1, joins=False) is not None


def _amount(tokens: Sequence[Token], place: int) -> Amount:
    token = tokens[place]
    amount = Amount(token.value if token.value is not None else Decimal(1))
    following = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if following in SCALES and following not in UNITS:
        amount = replace(amount, value=amount.value * SCALES[following])
        place += 1
    before = UNITS.get(tokens[place - 1].word) if place and tokens[place - 1].word in "€£$¥" else ""
    return replace(amount, unit=before or _unit(tokens, place + 1, joins=True))


def _unit(tokens: Sequence[Token], start: int, *, joins: bool) -> str | None:
    """The unit after a number; over a range ("3 to 5 days") the one at its end."""
    joined = False
    for token in tokens[start : start + (_REACH + 2 if joins else _REACH)]:
        if token.word in UNITS:
            return UNITS[token.word]
        if token.value is not None and joined:
            joined = False
        elif joins and token.word in _JOINS:
            joined = True
        elif token.word not in SKIPPED:
            return None
    return None
