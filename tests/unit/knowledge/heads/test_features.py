"""Looks and plain words are told; no text makes it slow or breaks it."""

import time

import pytest

from knowledge.heads.features import NAMES, features


def told(text: str) -> set[str]:
    return {name for name, value in zip(NAMES, features(text), strict=True) if value > 0}


def test_shouting_is_told_from_an_abbreviation():
    assert "shouting" in told("WHERE IS MY ORDER")
    assert "shouting" not in told("DHL")
    assert "shouting" not in told("my DHL parcel")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("this is fucking slow", "swearing"),
        ("no!", "exclaiming"),
        ("my lawyer will write", "law"),
        ("I was scammed", "fraud"),
        ("thx", "thanks"),
    ],
)
def test_plain_words_are_told(text: str, name: str):
    assert name in told(text)


@pytest.mark.parametrize("text", ["", "?", "\ud83d", "日本語", "\0"])
def test_odd_texts_show_little(text: str):
    assert len(told(text)) <= 1


@pytest.mark.parametrize("piece", ["a", " ", "!", "why ", "charged ", "not "])
def test_no_text_makes_it_slow(piece: str):
    began = time.perf_counter()
    features(piece * 50_000)
    assert time.perf_counter() - began < 0.5
