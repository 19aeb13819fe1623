"""One knowledge base at one edition, as it is served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article, Consultation, Passage, main_language
from bot.domain.ports import Edition
from knowledge.access import Access
from knowledge.duplicates import distinct
from knowledge.encoder import Vectors
from knowledge.gate import usual
from knowledge.index import Index
from knowledge.judges import unpacked
from knowledge.judging import Judge
from knowledge.ranking import Scored, signals
from knowledge.vocabulary import Knows, Vocabulary

_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Book:
    """It never changes: a new edition is a new book."""

    edition: Edition
    main: str
    indexes: dict[str, Index]
    judges: dict[str, Judge]
    by_id: dict[str, Article]
    words: Vocabulary
    access: dict[str, Access]

    @classmethod
    def of(
        cls,
        edition: Edition,
        articles: Sequence[Article],
        indexes: dict[str, Index],
        knows: Knows,
    ) -> "Book":
        """Blocking. Raises `KnowledgeError` for an edition whose judges are of another program."""
        judges = _judges(edition, indexes)
        by_id = {one.id: one for one in articles}
        access = {language: Access.of(one.articles) for language, one in indexes.items()}
        # Made before anybody asks for it: it takes up to half a second.
        words = Vocabulary(articles, knows)
        return cls(edition, main_language(articles), indexes, judges, by_id, words, access)

    def consult(
        self,
        question: str,
        query: Vectors,
        language: str | None,
        line: str | None = None,
        *,
        choices: bool = True,
    ) -> Consultation:
        """Blocking, about a millisecond. Raises `KnowledgeError`."""
        spoken = self._spoken(language)
        found, judge = self.indexes.get(spoken), self.judges.get(spoken, Judge(gate=usual()))
        ranked: list[Scored] = []
        if found is not None and len(query) > 0:
            ranked = found.search(question, query, judge, self.access[spoken].to(line))
        best = distinct(ranked, found.articles, _PASSAGES) if found else []
        return Consultation(
            decision=judge.gate.decide(best, choices=choices),
            passages=tuple(passage(found.articles[one.article], one) for one in best)
            if found
            else (),
            confidence=min(max(judge.gate.confidence(signals(best)), 0.0), 1.0) if best else 0.0,
            version=self.edition.version,
        )

    def _spoken(self, language: str | None) -> str:
        """A language there is an index of, or a dialect of it ("pt-BR" for "pt"); else the main."""
        if language is None or language in self.indexes:
            return language or self.main
        base = language.split("-", 1)[0]
        kin = sorted(one for one in self.indexes if one.split("-", 1)[0] == base)
        return kin[0] if kin else self.main


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


def _judges(edition: Edition, indexes: Mapping[str, Index]) -> dict[str, Judge]:
    """A head that does not fit its index, as only a fault could bring, is an error at once."""
    carried = unpacked(edition.judge)
    if carried is None:  # published by a program that knew of no judges
        return dict.fromkeys(indexes, Judge(gate=usual(*edition.gate)))
    for language, index in indexes.items():
        head = carried.by_language[language].head
        if head is not None and len(head.bias) != len(index.articles):
            raise KnowledgeError("its judges do not fit its articles: ingest it again")
    return dict(carried.by_language)
