"""Greetings, thanks and the like are heard when nothing else is said, and only then."""

import pytest

from bot.core.courtesy import courtesy, without_courtesy


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi", "hello"),
        ("Hiiii!", "hello"),
        ("good morning", "hello"),
        ("hello, how are you today?", "hello"),
        ("Hi 👋", "hello"),
        ("is anyone there?", "hello"),
        ("thanks a lot!", "thanks"),
        ("thx, that helped a lot", "thanks"),
        ("perfect, thank you so much for your help", "thanks"),
        ("👍🏽 thank you", "thanks"),
        ("bye", "bye"),
        ("have a nice day", "bye"),
        ("nothing else, bye", "bye"),
        ("ok great", "fine"),
        ("👍", "fine"),
        ("👍🏽", "fine"),
        (":)", "fine"),
        ("that's all", "fine"),
        ("yes please", "yes"),
        ("yep", "yes"),
        ("no", "no"),
        ("no, not right now", "no"),
        ("no thanks", "thanks"),
        ("can you help me?", "asks"),
        ("I have a question", "asks"),
        ("help", "asks"),
    ],
)
def test_a_courtesy_is_heard(text: str, kind: str):
    assert courtesy(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "hello, how long does delivery take?",
        "thanks! and how do I return it",
        "great, where is my parcel",
        "is this good?",
        "night delivery",
        "thanks for nothing",
        "cancel",
        "good quality shoes",
        "refund",
        "can you help me with my refund",
        "I have a question about my order",
        "",
        "?",
        "42",
        "hi " * 40,
    ],
)
def test_anything_to_answer_is_no_courtesy(text: str):
    assert courtesy(text) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hi there, where is my order?", "where is my order?"),
        ("good morning! refund status please, thanks a lot", "refund status please"),
        ("They said it was sent", "They said it was sent"),
        ("hello", "hello"),
        ("hello refund", "hello refund"),
    ],
)
def test_what_is_left_without_courtesy(text: str, left: str):
    assert without_courtesy(text) == left
