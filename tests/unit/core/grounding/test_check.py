"""What a written sentence may say of its article, and what it may not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.grounding.check import Flaw, Grounds
from bot.domain.knowledge import Passage
from bot.domain.writing import Sentence

DELIVERY = (
    "Standard delivery takes 2 to 4 working days. Orders placed before 2 pm, Monday to Friday, "
    "leave our warehouse the same day. Parcels are delivered Monday to Saturday, never on Sundays."
)
SUPPORT = (
    "Our team is here Monday to Friday from 8 am to 8 pm and Saturday from 9 am to 4 pm, by chat "
    "and by e-mail at help@shop.example. E-mails are answered within 1 working day, and within 2 "
    "in December. We have no phone line. More at https://shop.example/Help/hours."
)
FEES = (
    "The fee is 1,000.50 EUR until 3 March 2026; call +49 30 123 4567 or use the code SAVE20. "
    "Half of the fee is paid with PayPal. You have a 30-day window and 15% off."
)
SETUP = "Install version 10.2.4 of the Cisco client on your iPhone. Restart it and sign in."


def passage(text: str, name: str = "p", *, url: str | None = None, language: str = "en") -> Passage:
    return Passage(article=name, question="How?", text=text, score=1.0, url=url, language=language)


def flaw(article: str, sentence: str, language: str = "en", **given: str) -> Flaw | None:
    grounds = Grounds([passage(article, **given)], language)
    return grounds.flaw(Sentence(text=sentence, cites=("p",)))


@pytest.mark.parametrize(
    ("article", "sentence"),
    [
        (DELIVERY, "Standard delivery takes 2 to 4 working days."),
        (DELIVERY, "Delivery takes two to four working days."),
        (DELIVERY, "Your parcel is delivered in 2–4 days."),
        (DELIVERY, "Orders placed before 14:00 leave our warehouse the same day."),
        (DELIVERY, "We deliver parcels from Monday to Saturday."),
        (DELIVERY, "Parcels are never delivered on a Sunday."),
        (SUPPORT, "You can reach our team by e-mail at help@shop.example."),
        (SUPPORT, "Our team is here Monday to Friday from 8:00 to 20:00."),
        (SUPPORT, "The team is here on Saturday from 9 to 16."),
        (SUPPORT, "In December, e-mails are answered within two days."),
        (SUPPORT, "E-mails are answered within one working day."),
        (SUPPORT, "E-mails are answered within a day."),
        (SUPPORT, "See [our hours](https://www.shop.example/Help/hours) for the team."),
        (FEES, "The fee is €1000.50 until March 3."),
        (FEES, "The fee is 1.000,50 € until 2026-03-03."),
        (FEES, "The fee is 1 000.50 euros until the 3rd of March."),
        (FEES, "Call 030 1234567 about the fee."),
        (FEES, "Use the code SAVE20 for the fee."),
        (FEES, "You have thirty days and fifteen percent off."),
        (FEES, "Half of the fee is paid with PayPal."),
        (SETUP, "1. Install version 10.2.4 of the client."),
        (SETUP, "- Restart the Cisco client and sign in."),
        ("It costs 1250 euros.", "It costs twelve hundred and fifty euros."),
        ("It costs 25 euros.", "It costs twenty-five euros."),
        ("Two million parcels.", "2 million parcels."),
        ("Valid in 2026.", "Valid in 2026."),
        ("You may pay in May.", "You may pay."),
    ],
)
def test_what_the_article_says_may_be_said(article: str, sentence: str):
    assert flaw(article, sentence) is None


@pytest.mark.parametrize(
    ("article", "sentence", "found"),
    [
        (DELIVERY, "Delivery takes 2 to 5 working days.", "number"),
        (DELIVERY, "Delivery takes two to five working days.", "number"),
        (DELIVERY, "Delivery takes 2 to 4 weeks.", "number"),
        (DELIVERY, "Delivery takes twenty-four working days.", "number"),
        (DELIVERY, "Orders leave our warehouse within a week.", "number"),
        (DELIVERY, "Orders leave our warehouse within an hour.", "number"),
        (DELIVERY, "Delivery costs €5.", "number"),
        (DELIVERY, "Delivery is a 100% sure.", "number"),
        (DELIVERY, "Delivery takes ２ to ９ days.", "number"),
        (DELIVERY, "Delivery takes ٣ days.", "number"),
        (DELIVERY, "Delivery takes 2\u200b4 days.", "number"),
        (DELIVERY, "Call +49 30 1234567 about delivery.", "number"),
        (DELIVERY, "Orders placed before 3 pm leave the same day.", "time"),
        (DELIVERY, "Orders placed before 2:30 pm leave the same day.", "time"),
        (DELIVERY, "Orders placed before noon leave the same day.", "time"),
        (DELIVERY, "Parcels are delivered on Monday 4 May.", "date"),
        (DELIVERY, "Parcels are delivered in December.", "date"),
        (SUPPORT, "In January, e-mails are answered within 2 days.", "date"),
        (SUPPORT, "E-mails are answered on Sunday.", "date"),
        (DELIVERY, "Parcels are delivered by DHL.", "name"),
        (DELIVERY, "Parcels are delivered by Hermes.", "name"),
        (DELIVERY, "Klarna delivers parcels Monday to Saturday.", "name"),
        (DELIVERY, "Parcels are delivered to Iceland.", "name"),
        (DELIVERY, "See https://evil.example for delivery.", "link"),
        (DELIVERY, "See evil.example/x for delivery.", "link"),
        (DELIVERY, "See EVIL.example for delivery.", "link"),
        (DELIVERY, "See evil\u200b.example for delivery.", "link"),
        (DELIVERY, "[Delivery](javascript:alert) takes days.", "link"),
        (DELIVERY, "[Delivery](/pay) takes days.", "link"),
        (DELIVERY, "![x](https://evil.example/?q=1) delivery", "link"),
        (DELIVERY, "<https://evil.example> delivery", "link"),
        (SUPPORT, "See https://shop.example/Help/other for support.", "link"),
        (SUPPORT, "See https://shop.example.evil.example for support.", "link"),
        (SUPPORT, "Write to admin@shop.example.", "link"),
        (FEES, "The fee is 1000.5 € until 4 March 2026.", "date"),
        (FEES, "The fee is due until 3 March 2027.", "date"),
        (FEES, "The fee is $1000.50.", "number"),
        (FEES, "The fee is 1000 EUR.", "number"),
        (FEES, "Call 030 1234568 about the fee.", "number"),
        (FEES, "Use the code SAVE30 for the fee.", "code"),
        (FEES, "You have thirty hours.", "number"),
        (SETUP, "Install version 10.2.5 on your iPhone.", "code"),
        (SETUP, "Install the client on your iPad.", "name"),
        (DELIVERY, "You get everything for free.", "support"),
        (DELIVERY, "Please send your password to our manager.", "support"),
        (SETUP, "You cannot install the client.", "denial"),
        ("You pay in May.", "You pay in June.", "date"),
    ],
)
def test_what_it_does_not_say_may_not(article: str, sentence: str, found: Flaw):
    assert flaw(article, sentence) == found


@pytest.mark.parametrize(
    ("sentence", "language", "found"),
    [
        ("Die Lieferung dauert zwei bis vier Werktage.", "de", None),
        ("Bestellungen bis 14 Uhr gehen von Montag bis Freitag am selben Tag raus.", "de", None),
        ("La livraison prend deux à quatre jours.", "fr", None),
        ("La entrega tarda de dos a cuatro días.", "es", None),
        ("Die Lieferung dauert drei bis vier Werktage.", "de", "number"),
        ("Die Lieferung dauert einundzwanzig Tage.", "de", "number"),
        ("Die Lieferung dauert vier Wochen.", "de", "number"),
        ("Die Lieferung mit DHL dauert vier Tage.", "de", "name"),
        ("Die Lieferung kommt im Dezember.", "de", "date"),
        ("La livraison prend une semaine.", "fr", "number"),
    ],
)
def test_another_language_than_the_articles(sentence: str, language: str, found: Flaw | None):
    assert flaw(DELIVERY, sentence, language) == found


def test_only_what_is_cited_counts():
    grounds = Grounds([passage(DELIVERY, "one"), passage(FEES, "two")], "en")

    def said(text: str, *cites: str) -> Flaw | None:
        return grounds.flaw(Sentence(text=text, cites=cites))

    assert said("You have 30 days.", "two") is None
    assert said("You have 30 days.", "one") == "number"
    assert said("You have 30 days and delivery takes 4.", "one", "two") is None
    assert said("You have 30 days.", "two", "three") == "citation"
    assert said("You have days.") == "citation"


def test_the_link_of_the_article_itself_may_be_said():
    assert (
        flaw(DELIVERY, "See https://shop.example/d for delivery.", url="https://shop.example/d")
        is None
    )


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=300), st.sampled_from(["en", "de", "fr", "xx"]))
def test_any_text_is_judged(text: str, language: str):
    flaw(DELIVERY, text, language)
    flaw(text, DELIVERY, language)


@settings(deadline=None)  # the machine may be busy
@given(st.integers(min_value=5, max_value=10**9))
def test_no_number_of_its_own_is_ever_said(number: int):
    for written in (str(number), f"{number:,}", f"{number:,}".replace(",", ".")):
        assert flaw(DELIVERY, f"Delivery takes {written} days.") is not None
