"""The language of an article: given, detected, or that of most others."""

from bot.domain.knowledge import Article
from knowledge.languages import settled


def article(text: str, language: str = "") -> Article:
    return Article(id=text[:20], question=text, answer="", language=language)


GERMAN = article("Wie lange dauert die Lieferung? In der Regel zwei bis drei Werktage.")
FRENCH = article("Combien de temps prend la livraison ? Deux à trois jours ouvrables en général.")
SHORT = article("Visa?")


def languages(*articles: Article) -> list[str]:
    return [one.language for one in settled(articles)]


def test_a_text_is_read():
    assert languages(GERMAN, FRENCH) == ["de", "fr"]


def test_what_is_given_is_kept():
    assert languages(article("Combien de temps prend la livraison ?", "en")) == ["en"]


def test_one_too_short_to_tell_follows_the_others():
    assert languages(GERMAN, GERMAN, SHORT) == ["de", "de", "de"]
    assert languages(GERMAN, FRENCH, SHORT) == ["de", "fr", "en"]
    assert languages(SHORT) == ["en"]
