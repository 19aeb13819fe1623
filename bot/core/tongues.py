"""Asked in two languages, the customer's and the line's: which finds count."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from bot.core.finds import OFFERED, Asked
from bot.core.words import base
from bot.domain.knowledge import Consultation


def foreign(asked: Sequence[Asked], theirs: str, usual: str) -> bool:
    """Whether what was found is in neither language: the knowledge base has only others."""
    spoken = _spoken(asked)
    return bool(spoken) and spoken.isdisjoint((base(theirs), base(usual)))


def open_in(asked: Sequence[Asked], theirs: str, usual: str) -> bool:
    """Whether it is worth asking again in the line's usual language."""
    if base(theirs) == base(usual) or _spoken(asked) == {base(usual)}:
        return False
    return any(one.found.decision != "answer" for one in asked) or foreign(asked, theirs, usual)


def same_tongues(one: Sequence[Asked], other: Sequence[Asked]) -> bool:
    """Whether both finds are in the same languages: there was no other index to ask."""
    return _spoken(one) == _spoken(other)


def joined(first: Sequence[Asked], second: Sequence[Asked]) -> tuple[Asked, ...]:
    """The finds of two languages, the first preferred wherever it helps as much."""
    alone = len(first) == len(second) == 1
    if alone or [one.text for one in first] == [one.text for one in second]:
        return tuple(_better(one, other) for one, other in zip(first, second, strict=True))
    return tuple(second if _answers(second) > _answers(first) else first)


def _better(one: Asked, other: Asked) -> Asked:
    decisions = (one.found.decision, other.found.decision)
    if decisions == ("choices", "choices"):
        return replace(one, found=_both(one.found, other.found))
    if one.found.decision == "answer" or other.found.decision == "unknown":
        return one
    return one if decisions == ("choices", "unknown") else other


def _both(one: Consultation, other: Consultation) -> Consultation:
    """By turns: how sure the library is cannot be compared between two languages."""
    turns = chain.from_iterable(zip_longest(one.passages, other.passages))
    distinct = {passage.article: passage for passage in turns if passage}
    return replace(one, passages=tuple(distinct.values())[:OFFERED])


def _answers(asked: Sequence[Asked]) -> int:
    return sum(one.found.decision == "answer" for one in asked)


def _spoken(asked: Sequence[Asked]) -> set[str]:
    return {base(passage.language) for one in asked for passage in one.found.passages}
