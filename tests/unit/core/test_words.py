"""Every sentence formats in every language, with the same blanks; waits are said in words."""

from string import Formatter
from typing import get_args

import pytest

from bot.core.words import CATALOGUE, ENGLISH, Key, minutes, say

KEYS: tuple[Key, ...] = get_args(Key)
BLANKS = {
    name: {
        "title": "the {shop}",
        "wait": "10 minutes",
        "help_line": "0800 1",
        "name": "Ada {x}",
        "reason": "r",
        "text": "{",
        "tongue": "German",
        "part": "and {y}?",
        "who": "Ada, {Ben}",
        "back": "on Monday at 09:00",
        "number": "12AB-34CD",
        "time": "09:00",
        "day": "Monday",
    }
    for name in KEYS
}


def blanks(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_english_has_every_key_and_no_other():
    assert set(ENGLISH) == set(KEYS)


@pytest.mark.parametrize("language", sorted(CATALOGUE))
@pytest.mark.parametrize("key", KEYS)
def test_every_language_has_every_sentence_with_the_same_blanks(language: str, key: Key):
    words = CATALOGUE[language].get(key)
    assert words is not None
    assert words.strip() == words != ""
    assert blanks(words) == blanks(ENGLISH[key])
    values = {name: BLANKS[key][name] for name in blanks(words)}
    said = say(key, language, **values)
    assert all(value in said for value in values.values())


def test_a_language_we_do_not_speak_gets_english():
    assert say("cancelled", "xx") == ENGLISH["cancelled"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 minute"),
        (60, "1 minute"),
        (600, "10 minutes"),
        (3599, "60 minutes"),
        (3600, "1 hour"),
        (7200, "2 hours"),
    ],
)
def test_waits_in_words(seconds: float, words: str):
    assert minutes(seconds) == words
