"""Groups the questions that were not answered, so that one article can mend many."""

from collections.abc import Sequence

import numpy as np

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Heard
from knowledge.encoder import Vectors
from knowledge.ranking import Rows
from knowledge.report.findings import Gap

# Questions about one thing lie about this near to each other, on average.
_ALIKE = 0.55
_SHOWN = 5
_TOLD = 3


def gaps(
    asked: Sequence[Heard], vectors: Vectors, rows: Rows, articles: Sequence[str], *, least: int = 2
) -> tuple[tuple[Gap, ...], int]:
    """Groups of at least `least`, largest first, and how many questions are in no group.

    `vectors` has one unit row for each question.
    """
    found = []
    alone = 0
    for members in _groups(vectors):
        if len(members) < least:
            alone += len(members)
            continue
        found.append(_gap([asked[place] for place in members], vectors[members], rows, articles))
    found.sort(key=lambda gap: (-gap.count, gap.example))
    return tuple(found), alone


def _groups(vectors: Vectors) -> list[list[int]]:
    if len(vectors) < 2:  # noqa: PLR2004 - one question is a group of its own
        return [[place] for place in range(len(vectors))]
    try:
        from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - for reports alone
    except ImportError as exc:
        raise KnowledgeError(
            "The report needs the packages of `pip install careline[ingest]`: install them here, "
            "or run it where articles are taken in."
        ) from exc
    model = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - _ALIKE
    )
    labels = model.fit_predict(vectors)
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def _gap(asked: Sequence[Heard], vectors: Vectors, rows: Rows, articles: Sequence[str]) -> Gap:
    centre = vectors.mean(axis=0)
    typical = np.argsort(-(vectors @ centre)).tolist()
    texts = list(dict.fromkeys(asked[place].text for place in typical))
    cosines = rows.vectors @ vectors[typical[0]]
    best = int(np.argmax(cosines))
    return Gap(
        example=texts[0],
        others=tuple(texts[1:_SHOWN]),
        count=len(asked),
        told=tuple(dict.fromkeys(one.told for one in asked if one.told))[:_TOLD],
        nearest=articles[int(rows.owners[best])],
        cosine=float(cosines[best]),
    )
