"""Puts the encoded texts of articles in the order in which they are searched and judged."""

from collections.abc import Iterable, Sequence

import numpy as np

from bot.domain.errors import KnowledgeError
from bot.domain.ports import Phrasing
from knowledge.ranking import Rows


def arranged(articles: Sequence[str], phrasings: Iterable[Phrasing]) -> Rows:
    """Rows article after article, the question-and-answer row last in each."""
    asked: dict[str, list[bytes]] = {article: [] for article in articles}
    whole: dict[str, bytes] = {}
    for phrasing in phrasings:
        if phrasing.article not in asked:
            continue
        if phrasing.kind == "question":
            asked[phrasing.article].append(phrasing.vector)
        else:
            whole[phrasing.article] = phrasing.vector
    missing = [article for article in articles if article not in whole]
    if missing:
        raise KnowledgeError(f"The article {missing[0]} has not been encoded: ingest it again.")
    stacks = [[*asked[article], whole[article]] for article in articles]
    packed = b"".join(vector for stack in stacks for vector in stack)
    count = sum(len(stack) for stack in stacks)
    vectors = np.frombuffer(packed, dtype="<f4").reshape(count, -1)
    return Rows.of(vectors, [len(stack) for stack in stacks])
