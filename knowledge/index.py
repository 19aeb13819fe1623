"""One searchable index: the articles of one language of one edition. It never changes."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from bot.domain.ports import Edition, Phrasing
from knowledge import rowfile
from knowledge.access import Open
from knowledge.arranging import arranged
from knowledge.chroma import Collections, Nearest
from knowledge.disk import disk_errors
from knowledge.encoder import Vectors
from knowledge.judging import Judge, likeliest
from knowledge.lexical import WordIndex
from knowledge.locks import locked
from knowledge.ranking import Rows, Scored, rank

log = logging.getLogger("careline.knowledge")

# Enough phrasings to hold a handful of articles of a dozen phrasings each.
_NEAREST_ROWS = 50
_BEST_BY_WORDS = 5
# Fewer open rows than this among the nearest, and all rows are looked at instead: exact, and
# five milliseconds for a hundred thousand of them.
_OPEN_ROWS = 25


@dataclass(frozen=True, slots=True)
class Index:
    """What one language of an edition is searched with. Blocking: use it from a thread."""

    articles: tuple[Article, ...]
    rows: Rows
    nearest: Nearest
    words: WordIndex

    def search(
        self, question: str, query: Vectors, judge: Judge, open_: Open | None = None
    ) -> list[Scored]:
        """Articles worth a look, best first; of those that are `open_`, where not all are.

        The others count for nothing, as if they were not there.
        """
        heard = self.words.ask(question, _BEST_BY_WORDS, open_)
        candidates = {*self._owners(query, open_).tolist(), *heard.best}
        if judge.head is None:
            return rank(self.rows, query, candidates, heard)
        logits = judge.head.logits(query)
        if open_ is not None:
            logits = np.where(open_, logits, -np.inf).astype(np.float32)
        likely = (one for one in likeliest(logits) if open_ is None or open_[one])
        return rank(self.rows, query, candidates.union(likely), logits=logits)

    def _owners(self, query: Vectors, open_: Open | None) -> NDArray[np.int32]:
        """The articles of the nearest rows, one for each row."""
        owners = self.rows.owners
        found = owners[self.nearest.rows(query, min(_NEAREST_ROWS, len(owners)))]
        if open_ is None:
            return found
        theirs = found[open_[found]]
        if len(theirs) >= _OPEN_ROWS or len(theirs) == len(found):
            return theirs
        places = np.flatnonzero(open_[owners])
        if len(places) > _NEAREST_ROWS:
            cosines = (self.rows.vectors @ query)[places]
            places = places[np.argpartition(cosines, -_NEAREST_ROWS)[-_NEAREST_ROWS:]]
        return owners[places]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the index of one language of one edition is kept.

    The stamp tells it from an index of the same name out of another database.
    """

    folder: Path
    name: str
    stamp: str

    @classmethod
    def of(cls, folder: Path, edition: Edition, language: str) -> "Place":
        name = f"{prefix(edition.kb)}{_plain(language, '')}-{edition.version}"
        return cls(folder, name, f"{edition.fingerprint} {edition.made_at.isoformat()}")

    @property
    def lock(self) -> Path:
        """One at a time loads, builds or drops in a folder."""
        return lock_of(self.folder)

    @property
    def mark(self) -> Path:
        """There while the index is being loaded; still there when that killed the process."""
        return self.folder / f"{self.name}.loading"


def lock_of(folder: Path) -> Path:
    return folder / "index.lock"


def prefix(kb: str) -> str:
    """What the names of all indexes of a knowledge base begin with."""
    return f"{_plain(kb, '-.')}-"


def _plain(text: str, besides: str) -> str:
    """Letters that Chroma takes for a name."""
    kept = "".join(
        one if one.isascii() and (one.isalnum() or one in besides) else "_" for one in text
    )
    return kept if kept[:1].isalnum() else f"0{kept}"


def load(collections: Collections, place: Place, articles: Sequence[Article]) -> Index | None:
    """The index, where it has been built whole. Raises `KnowledgeError`."""
    with disk_errors(f"the index {place.name} cannot be read"), locked(place.lock):
        return _loaded(collections, place, articles)


def build(
    collections: Collections,
    place: Place,
    articles: Sequence[Article],
    phrasings: Iterable[Phrasing],
) -> Index:
    """Build the index, or take the one that another process has built meanwhile.

    Raises `KnowledgeError`.
    """
    with locked(place.lock):
        present = _loaded(collections, place, articles)
        if present is not None:
            return present
        return fill(collections, place, articles, phrasings)


def fill(
    collections: Collections,
    place: Place,
    articles: Sequence[Article],
    phrasings: Iterable[Phrasing],
) -> Index:
    """Put the index where it belongs, for whoever holds the lock of the folder.

    Raises `KnowledgeError`.
    """
    with disk_errors(f"the index {place.name} cannot be built"):
        rows = arranged([article.id for article in articles], phrasings)
        nearest = collections.fill(place.name, place.stamp, rows.vectors)
        nearest.rows(rows.vectors[0], 1)
        # Last: whoever sees the rows may trust the collection.
        words = WordIndex.of(articles)
        rowfile.write(place.folder / place.name, place.stamp, rows, words)
        place.mark.unlink(missing_ok=True)
        return Index(tuple(articles), rows, nearest, words)


def _loaded(collections: Collections, place: Place, articles: Sequence[Article]) -> Index | None:
    held = rowfile.read(place.folder / place.name, place.stamp)
    if held is None or held.words.articles != len(articles):
        return None
    rows = held.rows
    if place.mark.exists():
        log.warning("The index %s is built again: a process died loading it", place.name)
        return None
    # Chroma takes the process with it when its files are cut short: leave word for the next.
    place.mark.touch()
    try:
        nearest = collections.find(place.name, place.stamp, len(rows.owners))
        if nearest is None:
            return None
        # The first search reads the index from disk; no customer should wait for that.
        nearest.rows(rows.vectors[0], 1)
    except KnowledgeError as exc:
        log.warning("The index %s is built again: %s", place.name, exc)
        return None
    finally:
        place.mark.unlink()
    return Index(tuple(articles), rows, nearest, held.words)
