"""Topics and feelings are read apart, in English by heads, elsewhere by plain words alone."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from bot.domain.reading import Reading
from knowledge.heads.model import load
from knowledge.signals import Feelings, Signals, Topics
from tests.fakes.reader import vector_of

TEXT = "I was charged twice and I am furious!!!"
VECTOR = np.array(vector_of(TEXT), dtype=np.float32)


@pytest.fixture(scope="module")
def signals() -> Signals:
    return Signals.of(load().fingerprint)


def test_every_signal_of_a_reading_is_a_topic_or_a_feeling(signals: Signals):
    names = {field.name for field in fields(Reading)} - {"vector", "language"}
    assert set(Topics.__annotations__) | set(Feelings.__annotations__) == names
    assert set(signals.topics(TEXT, VECTOR, "en")) == set(Topics.__annotations__)
    assert set(signals.feelings(TEXT, VECTOR, None)) == set(Feelings.__annotations__)


@pytest.mark.parametrize("text", [TEXT, "", "?", "\ud83d", "x" * 10_000])
def test_every_signal_is_in_its_range(signals: Signals, text: str):
    found: dict[str, Any] = {**signals.topics(text, VECTOR, None)}
    found |= signals.feelings(text, VECTOR, None)
    assert -1.0 <= found.pop("sentiment") <= 1.0
    assert all(0.0 <= value <= 1.0 for value in found.values())


def test_heads_do_not_read_what_they_have_not_learnt(signals: Signals):
    assert signals.topics(TEXT, VECTOR, "de") == {}
    assert signals.feelings(TEXT, VECTOR, "de") == {}
    assert signals.topics("Ich will mit einem Menschen reden", VECTOR, "de") == {"wants_human": 1.0}
    assert signals.topics("je veux mourir", VECTOR, "fr") == {"self_harm": 1.0}


def test_without_heads_plain_words_are_heard():
    signals = Signals.of("another encoder")
    assert signals.topics("human please", VECTOR, "en") == {"wants_human": 1.0}
    assert signals.topics("I want to kill myself", VECTOR, "en") == {"self_harm": 1.0}
    assert signals.feelings(TEXT, VECTOR, "en") == {}


def test_who_declines_a_person_does_not_want_one(signals: Signals):
    asking = load().weights[0, : len(VECTOR)] * 10  # a vector that the head takes for a request
    said = signals.topics("please don't transfer me to an agent", asking, "en")
    assert said["wants_human"] == 0.0
    assert signals.topics("some words", asking, "en")["wants_human"] >= 0.5


def test_a_figure_of_speech_is_no_cry_for_help(signals: Signals):
    dying = load().weights[1, : len(VECTOR)] * 10  # a vector that the head takes for one
    assert signals.topics("I'm dying of laughter", dying, "en")["self_harm"] == 0.0
    assert signals.topics("some words", dying, "en")["self_harm"] >= 0.5
    both = "dying of laughter, no: I want to kill myself"
    assert signals.topics(both, dying, "en")["self_harm"] == 1.0
