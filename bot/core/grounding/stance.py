"""Whether a sentence takes the stance of the clauses it was made of: yes or no, must or may."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from bot.core.grounding.bounds import bounds_kept
from bot.core.grounding.clauses import Clause, clauses_of
from bot.core.grounding.marks import ADDED, OPPOSITES
from bot.core.grounding.support import stem

_ENOUGH = 0.25
"""The share of a clause's telling words that makes another clause one of its sources."""
_SWAPPED = 3
_BY = frozenset(("by", "von", "par", "por"))
_WE = {"we": "we", "wir": "we", "nous": "we", "you": "you", "du": "you", "vous": "you"}
_DOER = re.compile(
    r"\b(we|you|wir|du|vous|nous) (?:(?:can|must|may|will|also|then|never|always|just|only) ){0,2}"
    r"(?!can|must|may|will|get|are|have|do|need|want)([^\W\d_]{3,})"
)
_OWNER = re.compile(r"([^\W\d_]+)'s ([^\W\d_]+)")


class Stance:
    """The clauses of the cited articles. Each of a sentence must agree with its sources there."""

    def __init__(self, articles: Sequence[tuple[str, str]]) -> None:
        """Takes comparable texts, each with its language."""
        self._clauses = [
            (place, clause)
            for place, (text, language) in enumerate(articles)
            for clause in _clauses(text, language)
        ]
        self._known = Counter(word for _, clause in self._clauses for word in clause.words)

    def kept(self, text: str, language: str) -> Literal["denial", "stance", "bound"] | None:
        """What a comparable sentence turns round; None when it turns nothing."""
        before: tuple[Clause, ...] = ()
        for clause in clauses_of(text, language):
            if clause.words:
                sources = self._sources(clause)
                flaw = self._flaw(clause, sources, language) or _word_of_yes(before, clause)
                if flaw is not None:
                    return flaw
            before = () if clause.words else (clause,)
            if not clause.words and "yes" in clause.marks and not self._says_yes():
                return "stance"
        return None

    def _flaw(
        self, said: Clause, sources: Sequence[Clause], language: str
    ) -> Literal["denial", "stance", "bound"] | None:
        if not self._agrees(said, sources):
            return "denial"
        near = self._around(sources)
        theirs = frozenset[str]().union(*(one.marks for one in near))
        if (said.marks & ADDED) - theirs or "yes" in said.marks - theirs:
            return "stance"
        if any(_turned(said, one) for one in sources) or _exchanged(said, sources):
            return "stance"
        near_first = [*sources, *near, *(clause for _, clause in self._clauses)]
        return None if bounds_kept(said.text, near_first, language) else "bound"

    def _agrees(self, said: Clause, sources: Sequence[Clause]) -> bool:
        """All of the sources must say no as often as the clause does.

        Of those within one sentence one that does is enough for a "no": "Monday to Saturday,
        never on Sundays".
        """
        agreeing = [one for one in sources if _same_stance(said, one)]
        if not said.denials.count:
            return len(agreeing) == len(sources)
        return {one.sentence for one in agreeing} == {one.sentence for one in sources}

    def _around(self, sources: Sequence[Clause]) -> list[Clause]:
        """The whole sentences that the sources are parts of."""
        at = {(place, one.sentence) for place, one in self._clauses if one in sources}
        return [one for place, one in self._clauses if (place, one.sentence) in at]

    def _says_yes(self) -> bool:
        return any("yes" in clause.marks for _, clause in self._clauses)

    def _sources(self, said: Clause) -> list[Clause]:
        """The clauses that cover what is known of its words, the closest first; if none, all."""
        left = {word for word in said.words if word in self._known}
        clauses = [clause for _, clause in self._clauses]
        if not left:
            return clauses
        whole, found = self._weight(left), list[Clause]()
        while left:
            best = max(self._weight(one.words & left) for one in clauses)
            if found and best < _ENOUGH * whole:
                break
            tied = [one for one in clauses if self._weight(one.words & left) > best - 1e-9]
            whole_match = max(self._weight(one.words & said.words) for one in tied)
            tied = [one for one in tied if self._weight(one.words & said.words) >= whole_match]
            closest = max(_density(said, one) for one in tied)
            tied = [one for one in tied if _density(said, one) >= 0.7 * closest]
            found += tied
            left -= frozenset[str]().union(*(one.words for one in tied))
        return found

    def _weight(self, words: set[str] | frozenset[str]) -> float:
        """Rare words tell most."""
        return sum(1 / self._known[word] for word in words if self._known[word])


@lru_cache(maxsize=256)
def _clauses(text: str, language: str) -> tuple[Clause, ...]:
    return clauses_of(text, language)


def _density(said: Clause, one: Clause) -> float:
    return len(one.words & said.words) / (len(one.words) or 1)


def _same_stance(said: Clause, source: Clause) -> bool:
    mine, theirs = said.denials, source.denials
    if mine.count == theirs.count and (mine.nots == theirs.nots or mine.of & theirs.of):
        return True
    # What is only supposed ("if it does not arrive") claims nothing of what is.
    return said.condition and not source.condition


def _word_of_yes(before: Sequence[Clause], said: Clause) -> Literal["stance"] | None:
    """A "yes" in front of a denial, or a "no" in front of anything else."""
    for one in before:
        if ("yes" in one.marks and said.denials.count) or (
            one.denials.count and not said.denials.count
        ):
            return "stance"
    return None


def _turned(said: Clause, source: Clause) -> bool:
    """Whether one of two opposites stands where the article has the other."""
    if said.denials.count and source.denials.count and "need" in said.marks ^ source.marks:
        forbidden = {"may", "must"} & ((said.marks ^ source.marks) - {"need"})
        if forbidden:
            return True
    if "only" not in said.marks and any(stem(word) not in said.words for word in source.only):
        return True
    return any(
        {one, other} & said.marks == {a} and {one, other} & source.marks == {b}
        for one, other in OPPOSITES
        for a, b in ((one, other), (other, one))
    )


def _exchanged(said: Clause, sources: Sequence[Clause]) -> bool:
    """Whether who does it and whom it is done to have changed places."""
    for source in sources:
        both = said.words & source.words
        mine = list(dict.fromkeys(word for word in said.telling if word in both))
        theirs = list(dict.fromkeys(word for word in source.telling if word in both))
        passive = bool(_BY & ({*said.text.casefold().split()} ^ {*source.text.casefold().split()}))
        ends = len(mine) >= _SWAPPED and mine == theirs[::-1]
        if ends and not passive and len(both) >= 0.6 * len(said.words):
            return True
        if any((b, a) in _owners(source) for a, b in _owners(said)):
            return True
        if any(_doers(source).get(verb, who) != who for verb, who in _doers(said).items()):
            return True
    return False


def _owners(clause: Clause) -> frozenset[tuple[str, str]]:
    """Whose is what: "the owner's manager"."""
    found = _OWNER.findall(clause.text.casefold())
    return frozenset((stem(one), stem(other)) for one, other in found)


def _doers(clause: Clause) -> dict[str, str]:
    """Verb → "we" or "you", where it follows them."""
    found = _DOER.findall(clause.text.casefold())
    return {stem(verb): _WE[who] for who, verb in found}
