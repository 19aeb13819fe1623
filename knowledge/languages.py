"""Tells which language an article is in, where nobody has said so."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from bot.domain.knowledge import Article

_READ = 3000
# Shorter texts, and less certain ones, come out as any of a hundred languages.
_LEAST_LETTERS = 40
_CERTAIN = 0.9
_USUAL = "en"


def settled(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Every article with a language: its own, the one it is written in, or that of most others.

    Where none is that of most, a text too short to tell counts as English.
    """
    told = [one.language or _detected(f"{one.question}\n{one.answer}") for one in articles]
    counts = Counter(language for language in told if language)
    most, count = next(iter(counts.most_common(1)), (_USUAL, 0))
    most = most if 2 * count > len(articles) else _USUAL
    return tuple(
        one if one.language else replace(one, language=language or most)
        for one, language in zip(articles, told, strict=True)
    )


def _detected(text: str) -> str:
    """Empty where it cannot be told."""
    text = text[:_READ]
    if sum(letter.isalpha() for letter in text) < _LEAST_LETTERS:
        return ""
    language, probability = _classify()(text)
    return language if probability >= _CERTAIN else ""


@cache
def _classify() -> Callable[[str], tuple[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - half a second

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def classify(text: str) -> tuple[str, float]:
        language, probability = identifier.classify(text)
        return str(language), float(probability)

    return classify
