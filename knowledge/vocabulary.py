"""Mends slips of the pen with a knowledge base's own words: "delivry tiem", "pass word"."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.knowledge import Article

Knows = Callable[[str], bool]
"""Whether a word, in lower case, is an ordinary word of the language."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_PIECE = re.compile(rf"{_WORD.pattern}|\d+|[^\s\w]+|_+")
_SHORTEST = 4
# From this length two slips may be one too many for a short word, and are few for a long one.
_TWO_SLIPS = 7
_JOINED = 6
_HALF = 3
_LONGEST_TEXT = 2000
# Apostrophes left out are no slips worth a word of the articles.
_SHORTENED_WORDS = """
dont doesnt didnt cant couldnt wont wouldnt isnt arent wasnt werent hasnt havent hadnt shouldnt
whats wheres whens hows whos thats theres lets youre theyre
"""
_SHORTENED = frozenset(_SHORTENED_WORDS.split())
# Answers of more articles than these add little but time.
_READ_WHOLE = 5000
_READ = 20_000


class Vocabulary:
    """The words of some articles. `knows` keeps ordinary words that stand in none from mending."""

    def __init__(self, articles: Sequence[Article], knows: Knows) -> None:
        self._knows = knows
        self._counts, self._pairs = _counted(articles, knows)
        self._by_length: dict[int, list[str]] = {}
        for word in self._counts:
            self._by_length.setdefault(len(word), []).append(word)

    def mended(self, text: str) -> str:
        """The text with unknown words replaced by the nearest known ones; most often itself."""
        if not self._counts or len(text) > _LONGEST_TEXT:
            return text
        pieces = _PIECE.findall(text)
        meant = self._meant(pieces)
        return text if meant == pieces else " ".join(meant)

    def _meant(self, pieces: Sequence[str]) -> list[str]:
        """Piece by piece; two words that are one in the articles become one."""
        meant: list[str] = []
        at = 0
        while at < len(pieces):
            whole = self._whole(pieces[at], pieces[at + 1]) if at + 1 < len(pieces) else None
            meant.append(whole or self._word(pieces[at]))
            at += 2 if whole else 1
        return meant

    def _whole(self, first: str, second: str) -> str | None:
        one, two = first.casefold(), second.casefold()
        joined = one + two
        if not joined.isalpha():
            return None
        if len(joined) < _JOINED or (one, two) in self._pairs:
            return None
        if joined in self._counts:
            return joined
        if self._known(one) and self._known(two):
            return None
        # "deli vry": a slip and a blank in one word; only where neither half stands alone.
        both_odd = not self._known(one) and not self._known(two)
        return self._nearest(joined) if both_odd else None

    def _word(self, word: str) -> str:
        low = word.casefold()
        if len(low) < _SHORTEST or not low.isalpha() or self._known(low) or low in _SHORTENED:
            return word
        return self._nearest(low) or self._apart(low) or word

    def _known(self, word: str) -> bool:
        if word in self._counts or self._knows(word):
            return True
        return f"{word}s" in self._counts or word.removesuffix("s") in self._counts

    def _nearest(self, word: str) -> str | None:
        allowed = 2 if len(word) >= _TWO_SLIPS else 1
        near = [
            other
            for length in range(len(word) - allowed, len(word) + allowed + 1)
            for other in self._by_length.get(length, ())
            if len(other) >= _SHORTEST
        ]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        if not found:
            return None
        # Fewest slips, then the first letter, which slips rarely hit, then the commonest word.
        best = min(
            found, key=lambda one: (one[1], one[0][0] != word[0], -self._counts[one[0]], one[0])
        )
        other, slips = str(best[0]), int(best[1])
        return other if slips <= 1 or other[0] == word[0] else None

    def _apart(self, word: str) -> str | None:
        """Two words of the articles with no blank between them: "trackorder"."""
        halves = [
            (word[:at], word[at:])
            for at in range(_HALF, len(word) - _HALF + 1)
            if word[:at] in self._counts and word[at:] in self._counts
        ]
        if not halves:
            return None
        return " ".join(max(halves, key=lambda pair: min(self._counts[one] for one in pair)))


def _counted(
    articles: Sequence[Article], knows: Knows
) -> tuple[Counter[str], set[tuple[str, str]]]:
    """In how many articles a word stands, and which words follow each other.

    Variants hold slips on purpose: of those only words that are known count.
    """
    counts: Counter[str] = Counter()
    pairs: set[tuple[str, str]] = set()
    whole = len(articles) <= _READ_WHOLE
    known = cache(knows)  # most words come again and again
    for article in articles[:_READ]:
        written = _words(f"{article.question}\n{article.answer}" if whole else article.question)
        asked = [_words(variant) for variant in article.asked()[1:]]
        counts.update({*written, *(word for one in asked for word in one if known(word))})
        for one in (written, *asked):
            pairs.update(pairwise(one))
    return counts, pairs


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
