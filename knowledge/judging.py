"""Trains what judges one language of a knowledge base, and estimates how well it will do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.knowledge import Expected
from knowledge import gate
from knowledge.encoder import Vectors
from knowledge.gate import Gate
from knowledge.head import Head, train, worth_training
from knowledge.labelled import Labels, fitted
from knowledge.ranking import Rows, Scored, rank, signals

# More questions than this tell nothing new about quantiles.
_ASKED = 1500
# Fewer tell nothing about shares.
_TELLING = 40
# From so many questions on an article counts whole.
_FULL = 3
_FOLDS = 5
_NEAREST_ROWS = 50
BEST_BY_HEAD = 5
_SEED = 20
# Cosines held at a time, 32 MB of them, however many rows there are.
_HELD = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What scores and decides in one language of an edition."""

    gate: Gate
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of which the right article is known, None for none, with what was found."""

    right: int | None
    ranked: list[Scored]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judge, what is expected of it, and the two cuts of a program that knows no judges."""

    judge: Judge
    expected: Expected | None
    cuts: tuple[float, float]


def judge(rows: Rows, labels: Labels | None = None) -> Judged:
    """Train on the rows; labelled questions, where there are enough, teach the gate."""
    head = train(rows) if worth_training(rows) else None
    own = list(_own_with_head(rows) if head else _own(rows))
    seen = [signals(one.ranked) for one in own]
    shares = _shares(own)
    plain = gate.without_head(seen, shares)
    decides = gate.with_head(seen, shares) if head else plain
    if labels is not None and labels.enough():
        own = list(_labelled(rows, labels, head))
        decides = fitted(
            decides,
            known=[signals(one.ranked) for one in own if one.right is not None],
            unknown=[signals(one.ranked) for one in own if one.right is None],
        )
    return Judged(
        judge=Judge(gate=decides, head=head),
        expected=_expected(decides, own),
        cuts=(plain.answer, plain.offer),
    )


def _shares(own: Sequence[Asked]) -> list[float]:
    """How much each question counts: every article alike, however many phrasings it has.

    One with fewer than some counts less, else a single phrasing of it would set a lower cut.
    """
    each = Counter(one.right for one in own)
    return [_FULL / max(each[one.right], _FULL) for one in own]


def _own(rows: Rows) -> Iterator[Asked]:
    """Each phrasing asked as if nobody had written it."""
    places = _some(_variants(rows))
    without = np.zeros(len(rows.owners), dtype=np.bool_)
    for row, cosines in zip(places, _blocks(rows.vectors[places], rows), strict=True):
        without[row] = True
        yield Asked(int(rows.owners[row]), _found(rows, rows.vectors[row], cosines, None, without))
        without[row] = False


def _own_with_head(rows: Rows) -> Iterator[Asked]:
    """The same with heads that have not learnt from the phrasings they are asked.

    A part of every article is left out at once, from the cosines too: customers' words are
    further off than what one author wrote in one go. As many heads are trained as it takes to
    ask enough.
    """
    fold = _folds(rows)
    count = 0
    for number in range(_FOLDS):
        without = fold == number
        places = _some(np.flatnonzero(without))
        if len(places) == 0:
            continue
        head = train(rows, left_out=without)
        for row, cosines in zip(places.tolist(), _blocks(rows.vectors[places], rows), strict=True):
            found = _found(rows, rows.vectors[row], cosines, head, without)
            yield Asked(int(rows.owners[row]), found)
        count += len(places)
        if count >= _ASKED:
            return


def _labelled(rows: Rows, labels: Labels, head: Head | None) -> Iterator[Asked]:
    blocks = _blocks(labels.vectors, rows)
    for (vector, right), cosines in zip(labels.pairs(), blocks, strict=True):
        yield Asked(right, _found(rows, vector, cosines, head))


def _found(
    rows: Rows,
    vector: Vectors,
    cosines: Vectors,
    head: Head | None,
    without: NDArray[np.bool_] | None = None,
) -> list[Scored]:
    """As a search would; the words have little to say and are not heard."""
    if without is not None:
        cosines[without] = -1.0
    beyond = max(len(cosines) - _NEAREST_ROWS, 0)
    nearest = rows.owners[np.argpartition(cosines, beyond)[beyond:]].tolist()
    if head is None:
        return rank(rows, vector, nearest, without=without)
    logits = head.logits(vector)
    return rank(rows, vector, [*nearest, *likeliest(logits)], logits=logits, without=without)


def likeliest(logits: Vectors) -> list[int]:
    """The articles that the head thinks of first, in no order."""
    beyond = max(len(logits) - BEST_BY_HEAD, 0)
    found: list[int] = np.argpartition(logits, beyond)[beyond:].tolist()
    return found


def _expected(decides: Gate, own: Sequence[Asked]) -> Expected | None:
    inside = [one for one in own if one.right is not None]
    if len(inside) < _TELLING:
        return None
    outside = [one for one in own if one.right is None]
    bands = [(decides.decide(one.ranked), one) for one in inside]
    right = sum(band == "answer" and one.ranked[0].article == one.right for band, one in bands)
    refused = [decides.decide(one.ranked) == "unknown" for one in outside]
    return Expected(
        asked=len(inside),
        right=right / len(inside),
        wrong=sum(band == "answer" for band, _ in bands) / len(inside) - right / len(inside),
        unknown=sum(band == "unknown" for band, _ in bands) / len(inside),
        outside_unknown=sum(refused) / len(refused) if refused else None,
    )


def _blocks(asked: Vectors, rows: Rows) -> Iterator[Vectors]:
    """Cosines of each question to all rows; one by one they take four times as long."""
    step = max(_HELD // len(rows.vectors), 1)
    for start in range(0, len(asked), step):
        yield from asked[start : start + step] @ rows.vectors.T


def _variants(rows: Rows) -> NDArray[np.int64]:
    """All phrasings but the first, which also stands in the question-and-answer row."""
    inner = np.ones(len(rows.owners), dtype=np.bool_)
    starts, ends = np.array(rows.starts[:-1]), np.array(rows.starts[1:])
    inner[starts] = inner[ends - 1] = False
    return np.flatnonzero(inner)


def _some(places: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(places) <= _ASKED:
        return places
    return np.sort(np.random.default_rng(_SEED).choice(places, _ASKED, replace=False))


def _folds(rows: Rows) -> NDArray[np.int64]:
    """A fold for each variant, every article spread over all of them; -1 for other rows."""
    fold = np.full(len(rows.owners), -1)
    places = np.random.default_rng(_SEED).permutation(_variants(rows))
    # Article by article, so that neighbours in the order get different folds.
    places = places[np.argsort(rows.owners[places], kind="stable")]
    fold[places] = np.arange(len(places)) % _FOLDS
    return fold
