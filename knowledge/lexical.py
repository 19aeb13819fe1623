"""Finds articles by their words (BM25), beside the vectors: local Chroma has no sparse search."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.knowledge import Article
from knowledge.access import Open

_WORD = re.compile(r"\w+")
WORD_ARRAYS = ("terms", "starts", "owners", "weights")


def tokens(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the words of one question say: BM25 scores, one for each article."""

    scores: NDArray[np.float32]
    low: float
    high: float
    best: tuple[int, ...]
    """The few articles with the highest scores above zero, in no order."""

    def share(self, article: int) -> float:
        """From 0 to 1: 1 for the best article, 0 for the least alike."""
        if self.high <= self.low:
            return 0.0
        return (float(self.scores[article]) - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordIndex:
    """BM25 over question, variants and answer of each article.

    `terms` are the digests of all words, ascending: digests, so that the file of them is mapped
    and not read. Word `i` stands in the articles `owners[starts[i]:starts[i + 1]]`, each with
    its share of the score in `weights`.
    """

    articles: int
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> "WordIndex":
        corpus = [tokens(_text(article)) for article in articles]
        if not any(corpus):
            return cls.from_arrays(len(articles), _nothing())
        import bm25s  # noqa: PLC0415 - brings scipy, half a second, and only building needs it

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # its import sets it to debug
        index = bm25s.BM25()
        index.index(corpus, show_progress=False)
        words = {word: place for word, place in index.vocab_dict.items() if word}
        digests = np.array([_digest(word) for word in words], dtype=np.uint64)
        order = np.argsort(digests)
        places = np.array(list(words.values()), dtype=np.int64)[order]
        starts, ends = index.scores["indptr"][places], index.scores["indptr"][places + 1]
        taken = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
        return cls(
            articles=len(articles),
            terms=digests[order],
            starts=np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64),
            owners=np.asarray(index.scores["indices"][taken], dtype=np.int32),
            weights=np.asarray(index.scores["data"][taken], dtype=np.float32),
        )

    @classmethod
    def from_arrays(cls, articles: int, arrays: Mapping[str, NDArray[Any]]) -> "WordIndex":
        """The index of arrays named in `WORD_ARRAYS`, which may be mapped from files."""
        return cls(
            articles=articles,
            terms=np.asarray(arrays["terms"], dtype=np.uint64),
            starts=np.asarray(arrays["starts"], dtype=np.int64),
            owners=np.asarray(arrays["owners"], dtype=np.int32),
            weights=np.asarray(arrays["weights"], dtype=np.float32),
        )

    def whole(self) -> bool:
        """Whether the arrays fit each other, as files cut short do not."""
        postings = int(self.starts[-1]) if len(self.starts) else -1
        fits = len(self.starts) == len(self.terms) + 1
        return fits and postings == len(self.owners) == len(self.weights)

    def ask(self, question: str, most: int, open_: Open | None = None) -> Heard:
        """Scores for a question, and the `most` articles that its words speak for.

        Only of those that are `open_`, where that is given.
        """
        scores = np.zeros(self.articles, dtype=np.float32)
        for start, end in self._spans(tokens(question)):
            scores[self.owners[start:end]] += self.weights[start:end]
        if open_ is not None:
            scores[~open_] = 0.0
        found = best = np.flatnonzero(scores)
        if len(found) == 0:
            return Heard(scores=scores, low=0.0, high=0.0, best=())
        if len(found) > most:
            best = found[np.argpartition(scores[found], -most)[-most:]]
        whole = self.articles if open_ is None else int(open_.sum())
        low = float(scores[found].min()) if len(found) == whole else 0.0
        high = float(scores[best].max())
        return Heard(scores=scores, low=low, high=high, best=tuple(best.tolist()))

    def _spans(self, words: Sequence[str]) -> list[tuple[int, int]]:
        digests = np.array([_digest(word) for word in words], dtype=np.uint64)
        places = np.searchsorted(self.terms, digests)
        return [
            (int(self.starts[place]), int(self.starts[place + 1]))
            for place, digest in zip(places.tolist(), digests, strict=True)
            if place < len(self.terms) and self.terms[place] == digest
        ]


def _nothing() -> dict[str, NDArray[Any]]:
    return {"terms": np.array([]), "starts": np.zeros(1), "owners": np.array([]),
            "weights": np.array([])}  # fmt: skip


def _digest(word: str) -> int:
    raw = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "little")


def _text(article: Article) -> str:
    return "\n".join((*article.asked(), article.answer))
