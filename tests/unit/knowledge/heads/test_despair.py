"""Plain words of suicide and self-harm are heard in four languages; figures of speech are not."""

import time

import pytest

from knowledge.heads.despair import despairs

HEARD = (
    "I want to kill myself",
    "i dont want to live anymore",
    "I'm suicidal",
    "kms",
    "I took an overdose",
    "thinking about ending my life",
    "she wants to end her life",
    "Ich will sterben",
    "ich möchte nicht mehr leben",
    "je vais me tuer",
    "je ne veux plus vivre",
    "quiero suicidarme",
    "ya no quiero vivir",
)
NOT_HEARD = (
    "",
    "how do I kill a process",
    "suicide squad on blu-ray",
    "my battery wants to die",
    "I'd kill for a discount",
    "I don't want to live in that flat, change my address",
    "I cut myself off from the newsletter",
    "end my contract",
    "Open iTunes and play Ready To Die",
    "I took the pills twice a day",
    "Ich will meinen Vertrag beenden",
    "je veux résilier",
    "quiero cancelar",
)


@pytest.mark.parametrize("text", HEARD)
def test_despair_is_heard(text: str):
    assert despairs(text)


@pytest.mark.parametrize("text", NOT_HEARD)
def test_figures_of_speech_are_not(text: str):
    assert not despairs(text)


@pytest.mark.parametrize("piece", ["a ", "want to ", "took all the ", "not want to ", "kill "])
def test_no_text_makes_it_slow(piece: str):
    began = time.perf_counter()
    despairs(piece * 10_000)
    assert time.perf_counter() - began < 0.5
