"""One knowledge base at one edition, as it is served."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.knowledge import Article, Consultation, Passage
from bot.domain.ports import Edition
from knowledge.duplicates import distinct
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

    def consult(
        self, question: str, query: Vectors, language: str | None, line: str | None = None
    ) -> Consultation:
        """Blocking, about a millisecond. Raises `KnowledgeError`."""
        found = self._spoken(language)
        ranked = [] if found is None or len(query) == 0 else found.search(question, query)
        open_to_them = [
            one for one in ranked if found and found.articles[one.article].open_to(line)
        ]
        best = distinct(open_to_them, found.articles)[:_PASSAGES] if found else []
        return Consultation(
            decision=decide(best, self.edition.gate),
            passages=tuple(passage(found.articles[one.article], one) for one in best)
            if found
            else (),
            confidence=min(max(best[0].confidence, 0.0), 1.0) if best else 0.0,
            version=self.edition.version,
        )

    def _spoken(self, language: str | None) -> Index | None:
        """The index of a language or of a dialect of it ("pt-BR" for "pt"), else the main one."""
        if language is not None and language not in self.indexes:
            base = language.split("-", 1)[0]
            kin = sorted(one for one in self.indexes if one.split("-", 1)[0] == base)
            language = kin[0] if kin else None
        return self.indexes.get(language or self.main)


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
        verbatim_only=article.verbatim_only,
        human_led=article.human_led,
        owner=article.owner,
        review_by=article.review_by,
    )


def _main(articles: Sequence[Article]) -> str:
    """The language most articles are in; the first by name among equals."""
    counts = Counter(article.language for article in articles)
    return min(counts, key=lambda language: (-counts[language], language), default="en")
