"""Requests for a person are heard in the languages that no head reads; mentions are not."""

import time

import pytest

from knowledge.wants_human import wants_human

ASKED = (
    "Ich möchte mit jemandem sprechen",
    "Kann ich mit einem echten Menschen reden?",
    "Mensch bitte",
    "verbinde mich mit einem Mitarbeiter",
    "Bitte um Rückruf",
    "ich will nicht mit einem Bot reden",
    "gibt es hier einen echten Menschen?",
    "Je veux parler à un humain",
    "puis-je parler à quelqu'un",
    "un conseiller svp",
    "passez-moi un responsable",
    "je ne veux pas parler à un robot",
    "Quiero hablar con un humano",
    "¿Puedo hablar con alguien?",
    "necesito un agente",
    "comuníqueme con un asesor",
    "no quiero hablar con un robot",
    "vorrei parlare con un operatore",
    "ik wil met een medewerker spreken",
    "quero falar com um atendente",
)
MENTIONED = (
    "Wo ist mein Paket?",
    "Mein Mitarbeiter braucht einen Laptop",
    "Der Kundenservice war super",
    "ich möchte nicht mit einem Mitarbeiter sprechen",
    "wie füge ich eine Person hinzu",
    "Öffnungszeiten Kundenservice",
    "où est mon colis",
    "le conseiller m'a dit que c'était gratuit",
    "je veux un remboursement",
    "combien de personnes",
    "dónde está mi pedido",
    "el agente me dijo que llegaría el lunes",
    "quiero un reembolso",
    "para cuántas personas es",
    "no quiero hablar con un agente",
)


@pytest.mark.parametrize("text", ASKED)
def test_a_request_is_heard(text: str):
    assert wants_human(text) == 1.0


@pytest.mark.parametrize("text", MENTIONED)
def test_a_mention_is_not_a_request(text: str):
    assert wants_human(text) == 0.0


@pytest.mark.parametrize("piece", ["parler a ", "mit einem ", "hablar con ", "ich will ", "un "])
def test_no_text_makes_it_slow(piece: str):
    began = time.perf_counter()
    wants_human(piece * 10_000)
    assert time.perf_counter() - began < 0.5
