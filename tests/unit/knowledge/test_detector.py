"""Languages are told where a text makes it sure, and left open where it does not."""

import pytest

from knowledge.detector import LanguageDetector

DETECTOR = LanguageDetector()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How long does delivery take to my house?", "en"),
        ("Wie lange dauert die Lieferung nach Österreich?", "de"),
        ("¿Cuánto tarda en llegar mi pedido a casa?", "es"),
        ("Combien de temps faut-il pour la livraison ?", "fr"),
        ("Сколько времени занимает доставка?", "ru"),
        ("配送にはどのくらいかかりますか", "ja"),
        ("ما هي مدة التوصيل إلى المنزل؟", "ar"),
    ],
)
def test_a_sentence_tells_its_language(text: str, language: str):
    assert DETECTOR.detect(text) == language


@pytest.mark.parametrize("text", ["", "refund", "vpn", "ok", "12345678901", "👍👍👍👍👍👍👍👍👍"])
def test_what_is_short_or_no_language_is_left_open(text: str):
    assert DETECTOR.detect(text) is None
