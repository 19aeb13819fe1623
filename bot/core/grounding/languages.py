"""The languages in which a written sentence can be checked."""

from bot.core.grounding.vocabulary import NUMBERS
from bot.core.words import base

_LATIN_ENDS = "\u024f"


def readable(language: str) -> bool:
    """Whether a number written as a word in this language would be seen."""
    return base(language) in NUMBERS


def latin(text: str) -> bool:
    """Whether the letters of a text are Latin: in any other script its language is not ours."""
    letters = [sign for sign in text if sign.isalpha()]
    return 2 * sum(letter <= _LATIN_ENDS for letter in letters) >= len(letters)
