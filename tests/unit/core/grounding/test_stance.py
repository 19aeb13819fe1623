"""Denials, bounds and duties in four languages, and across them."""

import pytest

from bot.core.grounding.check import Flaw, Grounds
from bot.domain.knowledge import Passage
from bot.domain.writing import Sentence

ENGLISH = (
    "You can return clothes within 30 days. You can not return opened cosmetics. "
    "Returns in our shops are free of charge; a parcel costs 4.90 EUR. "
    "Orders above 50 EUR must be paid before dispatch."
)
GERMAN = (
    "Kleidung können Sie innerhalb von 30 Tagen zurückgeben. Geöffnete Kosmetik können Sie nicht "
    "zurückgeben. Die Rückgabe im Laden ist kostenlos; ein Paket kostet 4,90 EUR. "
    "Sie erreichen uns mindestens 6 Stunden am Tag, ohne Termin."
)
FRENCH = (
    "Vous pouvez rendre les vêtements sous 30 jours. Vous ne pouvez pas rendre les cosmétiques "
    "ouverts. Le retour en magasin est gratuit. Il faut payer avant l'expédition."
)
SPANISH = (
    "Puede devolver la ropa en un plazo de 30 días. No puede devolver cosméticos abiertos. "
    "La devolución en tienda es gratuita. Debe pagar antes del envío."
)
UNLESS = "You can return underwear unless the seal is broken. Shipping needs no signature."


def flaw(article: str, sentence: str, language: str, written: str | None = None) -> Flaw | None:
    passage = Passage(article="p", question="How?", text=article, score=1.0, language=language)
    return Grounds([passage], written or language).flaw(Sentence(text=sentence, cites=("p",)))


@pytest.mark.parametrize(
    ("article", "language", "sentence"),
    [
        (ENGLISH, "en", "Opened cosmetics can not be returned."),
        (ENGLISH, "en-GB", "You can't return opened cosmetics."),
        (ENGLISH, "en", "Clothes can be returned within 30 days. Opened cosmetics cannot."),
        (ENGLISH, "en", "Returns in our shops are free."),
        (ENGLISH, "en", "Unfortunately, you cannot return opened cosmetics."),
        (ENGLISH, "en", "Sorry, but you cannot return opened cosmetics."),
        (GERMAN, "de", "Leider können Sie geöffnete Kosmetik nicht zurückgeben."),
        (UNLESS, "en", "Underwear can be returned unless its seal is broken."),
        (UNLESS, "en", "Shipping does not need a signature."),
        (GERMAN, "de", "Geöffnete Kosmetik kann nicht zurückgegeben werden."),
        (GERMAN, "de-AT", "Sie können Kleidung innerhalb von 30 Tagen zurückgeben."),
        (GERMAN, "de", "Im Laden ist die Rückgabe kostenlos."),
        (FRENCH, "fr", "Les cosmétiques ouverts ne peuvent pas être rendus."),
        (FRENCH, "fr", "Le retour est gratuit en magasin."),
        (SPANISH, "es", "No puede devolver los cosméticos abiertos."),
        (SPANISH, "es", "La devolución es gratuita en tienda."),
    ],
)
def test_the_same_stance_may_be_taken(article: str, language: str, sentence: str):

    assert flaw(article, sentence, language) is None


@pytest.mark.parametrize(
    ("article", "language", "sentence"),
    [
        (ENGLISH, "en", "You can return opened cosmetics."),
        (ENGLISH, "en", "You can not return clothes within 30 days."),
        (ENGLISH, "en", "You cannot return clothes. You can return opened cosmetics."),
        (ENGLISH, "en", "Yes, you cannot return opened cosmetics."),
        (ENGLISH, "en", "Yes."),
        (ENGLISH, "en", "Yes. You can return them within 30 days."),
        (ENGLISH, "en", "You can return clothes after 30 days."),
        (ENGLISH, "en", "Returns in our shops are paid."),
        (ENGLISH, "en", "Orders above 50 EUR may be paid before dispatch."),
        (ENGLISH, "en", "Orders above 50 EUR must be paid after dispatch."),
        (ENGLISH, "en", "Orders below 50 EUR must be paid before dispatch."),
        (ENGLISH, "en", "Cosmetics can be returned within 30 days."),
        (ENGLISH, "en", "You can always return clothes within 30 days."),
        (UNLESS, "en", "You can return underwear if the seal is broken."),
        (UNLESS, "en", "You can return underwear."[:-1] + " only if the seal is broken."),
        (UNLESS, "en", "Shipping needs a signature."),
        (GERMAN, "de", "Geöffnete Kosmetik können Sie zurückgeben."),
        (GERMAN, "de", "Kleidung können Sie nicht innerhalb von 30 Tagen zurückgeben."),
        (GERMAN, "de", "Kleidung können Sie nach 30 Tagen zurückgeben."),
        (GERMAN, "de", "Sie erreichen uns höchstens 6 Stunden am Tag."),
        (GERMAN, "de", "Sie erreichen uns 6 Stunden am Tag nur mit Termin."),
        (GERMAN, "de", "Ein Paket ist kostenlos."),
        (FRENCH, "fr", "Vous pouvez rendre les cosmétiques ouverts."),
        (FRENCH, "fr", "Vous ne pouvez pas rendre les vêtements sous 30 jours."),
        (FRENCH, "fr", "Il faut payer après l'expédition."),
        (FRENCH, "fr", "Le retour en magasin est payant."),
        (SPANISH, "es", "Puede devolver cosméticos abiertos."),
        (SPANISH, "es", "Nunca puede devolver la ropa en un plazo de 30 días."),
        (SPANISH, "es", "Debe pagar después del envío."),
        (SPANISH, "es", "Puede pagar antes del envío."),
    ],
)
def test_another_stance_may_not(article: str, language: str, sentence: str):
    assert flaw(article, sentence, language) is not None


@pytest.mark.parametrize(
    ("sentence", "language", "found"),
    [
        ("Kleidung können Sie innerhalb von 30 Tagen zurückgeben.", "de", None),
        ("Vous pouvez rendre les vêtements sous 30 jours.", "fr", None),
        ("Ein Paket kostet 4,90 EUR.", "de", None),
        ("Kleidung können Sie nicht innerhalb von 30 Tagen zurückgeben.", "de", "denial"),
        ("Kleidung können Sie nach 30 Tagen zurückgeben.", "de", "bound"),
        ("Geöffnete Kosmetik können Sie zurückgeben.", "de", "denial"),
        ("Puede devolver cosméticos abiertos.", "es", "denial"),
        ("Bestellungen über 50 EUR müssen Sie nicht vor dem Versand bezahlen.", "de", "denial"),
        ("È possibile restituire i vestiti entro tre giorni.", "de", "language"),
        ("Você pode devolver roupas em três dias.", "es", "language"),
        ("Kleding kan binnen drie dagen worden geretourneerd.", "de", "language"),
    ],
)
def test_across_languages_figures_and_names_say_which_clause_is_meant(
    sentence: str, language: str, found: Flaw | None
):
    assert flaw(ENGLISH, sentence, "en", language) == found


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Standard levering duurt drie dagen.", "de"),
        ("La consegna Standard richiede tre giorni.", "es"),
        ("A entrega Standard demora três dias.", "es"),
        ("La consegna Standard richiede sei giorni per tutti gli ordini.", "fr"),
        ("Standard delivery takes about sei days.", "de"),
    ],
)
def test_the_model_may_not_answer_in_a_language_whose_numbers_we_cannot_read(
    sentence: str, language: str
):
    assert flaw("Standard delivery takes 4 days.", sentence, "en", language) is not None


def test_an_article_in_a_language_that_cannot_be_read_grounds_nothing():
    assert flaw("La consegna richiede 3 giorni.", "Delivery takes 3 days.", "it", "en") is not None


LINES = "Gift cards are accepted for parcels.\nGift cards are not accepted for parcels abroad."


@pytest.mark.parametrize("article", [LINES, f"(EU) {LINES}"])
def test_a_denial_is_not_moved_from_one_line_to_the_next(article: str):
    assert flaw(article, "Gift cards are not accepted for parcels.", "en") == "denial"


@pytest.mark.parametrize("word", ["rarely", "hardly", "seldom", "barely"])
def test_a_word_that_nearly_denies_is_a_denial(word: str):
    assert flaw(ENGLISH, f"Returns in our shops are {word} free of charge.", "en") is not None
