"""Looks at the articles themselves: which are mistaken for others, which say twice or against."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from bot.domain.knowledge import Article
from knowledge.duplicates import same_answer
from knowledge.encoder import Vectors
from knowledge.ranking import BEST_PHRASINGS, Rows
from knowledge.report.findings import Pair, Weak

Progress: TypeAlias = Callable[[int, int], None]
"""Hears how many phrasings are compared, of how many."""

_ASKED = 3000
_SEED = 20
_NEAREST = 50
_WEAKEST = 15
# Two phrasings as near as this ask for the same thing.
_SAME_QUESTION = 0.85
_PAIRS = 20
_EXCERPT = 240
# With 400,000 phrasings a block is some 26 MB.
_BLOCK = 16


def weakest(articles: Sequence[Article], rows: Rows, progress: Progress) -> list[Weak]:
    """Articles whose phrasings, each left out in turn, find another article; worst first."""
    asked, missed = Counter[int](), Counter[int]()
    taken: dict[int, Counter[int]] = {}
    places = _sample([place for owned in _phrasings(rows) for place in owned[1:]])
    for row, cosines in _cosines(rows, places, progress):
        owner = int(rows.owners[row])
        asked[owner] += 1
        found = _found(rows, row, cosines)
        if found != owner:
            missed[owner] += 1
            taken.setdefault(owner, Counter())[found] += 1
    worst = sorted(missed, key=lambda one: (-missed[one] / asked[one], -missed[one], one))
    return [
        Weak(
            article=articles[one].id,
            question=articles[one].question,
            phrasings=asked[one],
            missed=missed[one],
            taken_for=tuple(articles[other].id for other, _ in taken[one].most_common(3)),
            suggested=(),
        )
        for one in worst[:_WEAKEST]
    ]


def _cosines(
    rows: Rows, places: Sequence[int], progress: Progress
) -> Iterator[tuple[int, Vectors]]:
    """Each of these rows with its cosine to every row; a block costs little more than one row."""
    for start in range(0, len(places), _BLOCK):
        some = places[start : start + _BLOCK]
        progress(start, len(places))
        yield from zip(some, rows.vectors[some] @ rows.vectors.T, strict=True)


def _found(rows: Rows, row: int, cosines: Vectors) -> int:
    """The article that a phrasing finds when nobody has written it."""
    cosines[row] = -1.0
    near = np.argpartition(-cosines, min(_NEAREST, len(cosines) - 1))[:_NEAREST]
    scores: dict[int, list[float]] = {}
    for place in near[np.argsort(-cosines[near])].tolist():
        scores.setdefault(int(rows.owners[place]), []).append(float(cosines[place]))
    return max(scores, key=lambda one: sum(scores[one][:BEST_PHRASINGS]) / BEST_PHRASINGS)


def pairs(
    articles: Sequence[Article], rows: Rows, progress: Progress
) -> tuple[list[Pair], list[Pair]]:
    """Articles asked for in the same words: those that say otherwise, those that say the same."""
    contradicting: list[Pair] = []
    repeated: list[Pair] = []
    for one, other, cosine, asked in _same_questions(articles, rows, progress):
        answers = (articles[one].answer, articles[other].answer)
        pair = Pair(
            one=articles[one].id,
            other=articles[other].id,
            asked=asked,
            answers=(_excerpt(answers[0]), _excerpt(answers[1])),
            cosine=cosine,
        )
        same = same_answer(articles[one], articles[other])
        (repeated if same else contradicting).append(pair)
    return contradicting[:_PAIRS], repeated[:_PAIRS]


def _same_questions(
    articles: Sequence[Article], rows: Rows, progress: Progress
) -> list[tuple[int, int, float, tuple[str, str]]]:
    """Pairs of one language with phrasings that near, nearest first; each pair once."""
    texts = [_texts(article) for article in articles]
    places = _sample([place for owned in _phrasings(rows) for place in owned])
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for row, cosines in _cosines(rows, places, progress):
        for near in np.flatnonzero(cosines >= _SAME_QUESTION).tolist():
            one, other = sorted((int(rows.owners[row]), int(rows.owners[near])))
            whole = near == rows.starts[int(rows.owners[near]) + 1] - 1
            if one == other or whole or articles[one].language != articles[other].language:
                continue
            cosine = float(cosines[near])
            if cosine > best.get((one, other), (0.0,))[0]:
                first, second = (row, near) if int(rows.owners[row]) == one else (near, row)
                best[one, other] = (cosine, first, second)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    return [
        (one, other, cosine, (_at(texts[one], rows, first), _at(texts[other], rows, second)))
        for (one, other), (cosine, first, second) in ranked
    ]


def _texts(article: Article) -> list[str]:
    """Phrasings as they were encoded: each once, in order."""
    asked = dict.fromkeys(text.strip() for text in article.asked())
    return [text for text in asked if text]


def _at(texts: Sequence[str], rows: Rows, row: int) -> str:
    place = row - rows.starts[int(rows.owners[row])]
    return texts[place] if place < len(texts) else texts[0]


def _phrasings(rows: Rows) -> list[range]:
    """The rows of each article that are phrasings, the question first."""
    return [range(a, b - 1) for a, b in zip(rows.starts, rows.starts[1:], strict=False)]


def _sample(places: list[int]) -> list[int]:
    if len(places) <= _ASKED:
        return places
    chosen = np.random.default_rng(_SEED).choice(len(places), _ASKED, replace=False)
    return [places[place] for place in np.sort(chosen).tolist()]


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"
