"""One knowledge base at one edition, as it is served."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.knowledge import Article, Consultation, Passage
from bot.domain.ports import Edition
from knowledge.encoder import Vectors
from knowledge.gate import decide
from knowledge.index import Index
from knowledge.ranking import Scored

_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Book:
    """It never changes: a new edition is a new book."""

    edition: Edition
    main: str
    indexes: dict[str, Index]
    by_id: dict[str, Article]

    @classmethod
    def of(cls, edition: Edition, articles: Sequence[Article], indexes: dict[str, Index]) -> "Book":
        return cls(edition, _main(articles), indexes, {one.id: one for one in articles})

    def consult(self, question: str, query: Vectors, language: str | None) -> Consultation:
        """Blocking, about a millisecond. Raises `KnowledgeError`."""
        found = self.indexes.get(language or self.main) or self.indexes.get(self.main)
        ranked = [] if found is None or len(query) == 0 else found.search(question, query)
        best = ranked[:_PASSAGES]
        return Consultation(
            decision=decide(best, self.edition.gate),
            passages=tuple(passage(found.articles[one.article], one) for one in best)
            if found
            else (),
            confidence=min(max(best[0].confidence, 0.0), 1.0) if best else 0.0,
            version=self.edition.version,
        )


def passage(article: Article, scored: Scored | None = None) -> Passage:
    """The article as found; one asked for by name has the full score."""
    return Passage(
        article=article.id,
        question=article.question,
        text=article.answer,
        score=scored.score if scored else 1.0,
        url=article.url,
        source=article.source,
        language=article.language,
        verbatim=article.verbatim_only,
    )


def _main(articles: Sequence[Article]) -> str:
    """The language most articles are in; the first by name among equals."""
    counts = Counter(article.language for article in articles)
    return min(counts, key=lambda language: (-counts[language], language), default="en")
