"""Near-duplicate articles count as one: nobody should choose between two that say the same."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from rapidfuzz import fuzz

from bot.domain.knowledge import Article

# Only the few that may be offered are looked at.
_LOOKED_AT = 8
_SAME_WORDS = 95.0
_REMEMBERED = 2048
# One such word turns an answer round.
_TURNING = """
no not never cannot can't don't doesn't isn't won't without none yes only unless except before after
"""
_TURNS = frozenset(_TURNING.split())
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


class Placed(Protocol):
    """A find that names its article by place."""

    @property
    def article(self) -> int: ...


Found = TypeVar("Found", bound=Placed)


def distinct(ranked: Sequence[Found], articles: Sequence[Article], most: int) -> list[Found]:
    """The `most` best of `ranked`, without those that give the same answer as a better one."""
    kept: list[Found] = []
    for one in ranked[:_LOOKED_AT]:
        if len(kept) == most:
            break
        if not any(same_answer(articles[one.article], articles[other.article]) for other in kept):
            kept.append(one)
    return kept


def same_answer(one: Article, other: Article) -> bool:
    """Whether two articles say the same: almost the same words, and the very same numbers."""
    (left, numbers), (right, others) = _gist(one.answer), _gist(other.answer)
    if left == right:
        return True
    if numbers != others:
        return False
    return fuzz.ratio(left, right, score_cutoff=_SAME_WORDS) > 0 and not _contrary(left, right)


@lru_cache(_REMEMBERED)
def _gist(text: str) -> tuple[str, tuple[str, ...]]:
    """The words and the numbers of an answer; the same few are compared at every question."""
    words = plain(text)
    return words, tuple(_NUMBER.findall(words))


def plain(text: str) -> str:
    """Words alone, in lower case."""
    return " ".join(re.findall(r"[\w.,:]*\w", text.casefold()))


def _contrary(left: str, right: str) -> bool:
    words, others = set(left.split()), set(right.split())
    return bool((words ^ others) & _TURNS)
