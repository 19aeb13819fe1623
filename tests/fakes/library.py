"""A library in memory."""

from collections.abc import Mapping, Sequence

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article, Consultation, Decision, Passage
from bot.domain.reading import Reading

_PASSAGES = 3


class FakeLibrary:
    """A `Library` that counts shared words.

    A question that is a phrasing word for word is answered, one that shares a word with some is
    offered those, any other is unknown. `decisions` overrules that for the questions named, `slips`
    are the words it mends.
    """

    def __init__(self, **articles: Sequence[Article]) -> None:
        self._articles = {kb.replace("_", "-"): tuple(held) for kb, held in articles.items()}
        self.decisions: dict[str, Decision] = {}
        self.versions: Mapping[str, int] = {}
        self.asked: list[tuple[str, str]] = []
        self.slips: Mapping[str, str] = {}
        self.main: str | None = None
        self.closed = False

    def put(self, kb: str, *articles: Article) -> None:
        self._articles[kb] = articles

    async def consult(
        self, kb: str, question: str, reading: Reading, line: str | None = None
    ) -> Consultation:
        self.asked.append((kb, question))
        held = tuple(one for one in self._held(kb) if one.open_to(line))
        wordless = not reading.vector
        languages = {one.language for one in held}
        language = reading.language if reading.language in languages else self.main
        if language is not None:
            held = tuple(one for one in held if one.language == language)
        scored = sorted(((_share(one, question), one) for one in held), key=lambda pair: -pair[0])
        best = [(share, one) for share, one in scored if share > 0 and not wordless][:_PASSAGES]
        share = best[0][0] if best else 0.0
        decision: Decision = "answer" if share == 1.0 else "choices" if best else "unknown"
        return Consultation(
            decision=self.decisions.get(question, decision),
            passages=tuple(_passage(one, share) for share, one in best),
            confidence=share,
            version=self.versions.get(kb, 1),
        )

    async def article(self, kb: str, article: str, line: str | None = None) -> Passage | None:
        held = (one for one in self._held(kb) if one.id == article and one.open_to(line))
        return next((_passage(one, 1.0) for one in held), None)

    async def mend(self, kb: str, text: str) -> str:
        self._held(kb)
        return " ".join(self.slips.get(word, word) for word in text.split(" "))

    async def close(self) -> None:
        self.closed = True
        self._articles = {}

    def _held(self, kb: str) -> tuple[Article, ...]:
        if kb not in self._articles:
            raise KnowledgeError(f"The knowledge base {kb} has no live version.")
        return self._articles[kb]


def _share(article: Article, question: str) -> float:
    asked = set(_words(question))
    shares = [
        len(asked & set(_words(phrasing))) / len(asked | set(_words(phrasing)))
        for phrasing in (article.question, *article.variants)
        if asked
    ]
    return max(shares, default=0.0)


def _words(text: str) -> list[str]:
    return "".join(one if one.isalnum() else " " for one in text.casefold()).split()


def _passage(article: Article, score: float) -> Passage:
    return Passage(
        article=article.id,
        question=article.question,
        text=article.answer,
        score=score,
        url=article.url,
        source=article.source,
        language=article.language,
        verbatim_only=article.verbatim_only,
        human_led=article.human_led,
    )
