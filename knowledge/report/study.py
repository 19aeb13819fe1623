"""Puts a report together from what was asked and from the articles themselves."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import sqrt

import numpy as np
from rapidfuzz import fuzz

from bot.domain.knowledge import Article, Heard
from bot.domain.ports import Edition
from knowledge.duplicates import plain
from knowledge.encoder import Vectors
from knowledge.ranking import Rows
from knowledge.report.findings import Coverage, Findings, Share, Stale, Weak
from knowledge.report.gaps import gaps
from knowledge.report.weakness import Progress, pairs, weakest

Encode = Callable[[Sequence[str]], Vectors]

# Grouping compares each with each: the newest are enough to see what is missing.
_GROUPED = 2000
_USED = 15
_SUGGESTED = 5
_NEARLY_EQUAL = 85.0
# A question that a person answered is taken for an article's only where it lies near.
_NEAR = 0.5
_LONGEST_PHRASING = 200
_Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What was looked at: questions of so many conversations between two moments."""

    since: datetime
    until: datetime
    conversations: int
    heard: tuple[Heard, ...]


def study(
    edition: Edition,
    articles: Sequence[Article],
    rows: Rows,
    period: Period,
    encode: Encode,
    progress: Progress = lambda _done, _all: None,
) -> Findings:
    """Blocking: encodes what was not answered, seconds for a thousand questions.

    Comparing 100,000 articles takes over a minute, of which `progress` hears. `articles` and
    `rows` go by place. Raises `KnowledgeError` without the packages it takes.
    """
    ids = [one.id for one in articles]
    every = _unanswered(period.heard)
    unanswered = every[-_GROUPED:]
    vectors = encode([one.text for one in unanswered])
    grouped, alone = gaps(unanswered, vectors, rows, ids)
    contradicting, repeated = pairs(articles, rows, progress)
    known = frozenset(ids)
    used = Counter(name for one in period.heard for name in one.articles)
    suggested = _suggested(period.heard, articles, _nearest(unanswered, vectors, rows, ids))
    weak = [_with(one, suggested) for one in weakest(articles, rows, progress)]
    return Findings(
        kb=edition.kb,
        version=edition.version,
        made_at=edition.made_at,
        articles=len(articles),
        since=period.since,
        until=period.until,
        conversations=period.conversations,
        coverage=coverage(period.heard),
        gaps=grouped,
        ungrouped=alone,
        older=len(every) - len(unanswered),
        used=tuple((name, count) for name, count in used.most_common(_USED) if name in known),
        unused=tuple((one.id, one.question) for one in articles if one.id not in used),
        contradicting=tuple(contradicting),
        repeated=tuple(repeated),
        stale=stale(articles, period.until.date()),
        weak=tuple(weak),
        suggested=tuple((name, texts) for name, texts in suggested.items() if texts),
    )


def coverage(heard: Sequence[Heard]) -> Coverage:
    """Shares of all questions, with Wilson's intervals."""
    fates = Counter(one.fate for one in heard)
    return Coverage(
        questions=len(heard),
        answered=share(fates["answered"], len(heard)),
        offered=share(fates["offered"], len(heard)),
        chosen=sum(one.chosen is not None for one in heard),
        unknown=share(fates["unknown"], len(heard)),
        person=share(fates["person"], len(heard)),
    )


def share(count: int, total: int) -> Share:
    """A share with its 95 % interval (Wilson); nothing out of nothing may be anything."""
    if total == 0:
        return Share(count=0, share=0.0, low=0.0, high=1.0)
    part, weight = count / total, _Z * _Z / total
    middle = (part + weight / 2) / (1 + weight)
    half = _Z * sqrt(part * (1 - part) / total + weight / (4 * total)) / (1 + weight)
    return Share(count=count, share=part, low=max(0.0, middle - half), high=min(1.0, middle + half))


def stale(articles: Sequence[Article], today: date) -> tuple[Stale, ...]:
    """Articles whose day of review has passed, the longest due first."""
    due = [
        Stale(article=one.id, question=one.question, due=one.review_by)
        for one in articles
        if one.review_by is not None and one.review_by < today
    ]
    return tuple(sorted(due, key=lambda one: (one.due, one.article)))


def _unanswered(heard: Sequence[Heard]) -> list[Heard]:
    """What the library did not know, or offered nothing right for; the oldest first."""
    found = [one for one in heard if one.fate == "unknown" or one.refused]
    return sorted(found, key=lambda one: one.at)


def _nearest(
    asked: Sequence[Heard], vectors: Vectors, rows: Rows, ids: Sequence[str]
) -> dict[str, str]:
    """The article near to each question that a person answered."""
    found = {}
    for one, vector in zip(asked, vectors, strict=True):
        if one.told is not None:
            cosines = rows.vectors @ vector
            best = int(np.argmax(cosines))
            if cosines[best] >= _NEAR:
                found[one.text] = ids[int(rows.owners[best])]
    return found


def _suggested(
    heard: Sequence[Heard], articles: Sequence[Article], near: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """New phrasings for articles: pressed among choices, or answered by a person nearby."""
    texts: dict[str, list[str]] = {one.id: [] for one in articles}
    for one in heard:
        name = one.chosen or near.get(one.text)
        if name in texts and len(one.text) <= _LONGEST_PHRASING:
            texts[name].append(one.text)
    known = {one.id: one.asked() for one in articles}
    return {name: _fresh(said, known[name]) for name, said in texts.items()}


def _fresh(said: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The commonest ways of saying it that are not there yet, each once."""
    kept: list[str] = []
    for text, _ in Counter(said).most_common():
        if len(kept) == _SUGGESTED:
            break
        alike = (fuzz.token_sort_ratio(plain(text), plain(one)) for one in (*known, *kept))
        if all(ratio < _NEARLY_EQUAL for ratio in alike):
            kept.append(text)
    return tuple(kept)


def _with(weak: Weak, suggested: dict[str, tuple[str, ...]]) -> Weak:
    return replace(weak, suggested=suggested.get(weak.article, ()))
