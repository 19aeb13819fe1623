"""The languages in which a written sentence can be checked."""

import re

from bot.core.grounding.support import small_words
from bot.core.grounding.vocabulary import NUMBERS, ONE, UNITS
from bot.core.words import base

_WORD = re.compile(r"[^\W\d_]+")
_SHARE = 0.2
_COUNTS_ELSEWHERE = frozenset(
    """tre quattro cinque sette otto dieci venti trenta giorni três duas dois oito dez vinte trinta
    dias twee drie vijf zes zeven negen tien twintig dertig dagen""".split()
)
"""Number words of neighbours, and what they count, that none of our languages has."""
_LATIN_ENDS = "\u024f"


def readable(language: str) -> bool:
    """Whether a number written as a word in this language would be seen."""
    return base(language) in NUMBERS


def spoken_in(text: str, language: str) -> bool:
    """Whether a text is in a language, by its small words: a number in another is not seen."""
    words = _WORD.findall(text.casefold())
    small = (
        small_words(language) | NUMBERS[base(language)].keys() | ONE[base(language)] | UNITS.keys()
    )
    known = sum(word in small for word in words)
    return _COUNTS_ELSEWHERE.isdisjoint(words) and known > _SHARE * len(words)


def latin(text: str) -> bool:
    """Whether the letters of a text are Latin: in any other script its language is not ours."""
    letters = [sign for sign in text if sign.isalpha()]
    return 2 * sum(letter <= _LATIN_ENDS for letter in letters) >= len(letters)
