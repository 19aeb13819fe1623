"""Finds articles by their words (BM25), beside the vectors: local Chroma has no sparse search."""

import re
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from bot.domain.knowledge import Article

_WORD = re.compile(r"\w+")


def tokens(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


class WordIndex:
    """BM25 over question, variants and answer of each article."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._count = len(articles)
        corpus = [tokens(_text(article)) for article in articles]
        self._index: bm25s.BM25 | None = None
        if any(corpus):
            self._index = bm25s.BM25()
            self._index.index(corpus, show_progress=False)

    def shares(self, question: str) -> NDArray[np.float32]:
        """A share from 0 to 1 for each article: 1 for the best, 0 for the least alike."""
        asked = tokens(question)
        if self._index is None or not asked:
            return np.zeros(self._count, dtype=np.float32)
        scores = np.asarray(self._index.get_scores(asked), dtype=np.float32)
        low, high = float(scores.min()), float(scores.max())
        if high <= low:
            return np.zeros(self._count, dtype=np.float32)
        return (scores - low) / np.float32(high - low)


def _text(article: Article) -> str:
    return "\n".join((article.question, *article.variants, article.answer))
