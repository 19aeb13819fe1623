"""Messages taken apart: several questions, long stories, words that lean on the turn before."""

import pytest

from bot.core.questions import LONG, content, is_long, leans, points_back, several, windows


@pytest.mark.parametrize(
    ("text", "parts", "firm"),
    [
        (
            "How do I pay? And do you ship to Austria?",
            ("How do I pay?", "And do you ship to Austria?"),
            True,
        ),
        (
            "How long does delivery take and can I return it?",
            ("How long does delivery take", "can I return it?"),
            False,
        ),
        (
            "1) how do I reset my password\n2) where is the printer",
            ("how do I reset my password", "where is the printer"),
            True,
        ),
        ("delivery and returns?", ("delivery", "returns"), False),
    ],
)
def test_several_questions(text: str, parts: tuple[str, ...], firm: bool):  # noqa: FBT001 - a value
    split = several(text)
    assert split is not None
    assert (split.parts, split.firm) == (parts, firm)


@pytest.mark.parametrize(
    "text",
    [
        "How long does delivery take?",
        "I lost my card. Can you help me?",
        "My parcel is late. What should I do now?",
        "I want to return shoes and get a refund",
        "How do I return shoes and socks?",
        "Is that possible? Please advise.",
        "",
        "???",
    ],
)
def test_one_question_stays_whole(text: str):
    assert several(text) is None


@pytest.mark.parametrize(
    "text", ["and for Austria?", "how long does it take?", "what about express"]
)
def test_words_that_point_back(text: str):
    assert points_back(text)
    assert leans(text)


def test_bare_words_may_lean_and_whole_questions_do_not():
    assert leans("express?")
    assert not points_back("express?")
    assert not leans("how long does standard delivery take")
    assert not leans("")


def test_content_leaves_out_what_says_nothing():
    assert content("And what about for Austria?") == {"austria"}


def test_a_story_has_few_places_to_look_at():
    told = "I bought a lamp in spring. " * 120
    story = f"Dear team. {told}How do I return it? It makes no sound. Kind regards, Max"
    assert is_long(story)
    places = windows(story)
    assert places.asked == ("How do I return it?",)
    assert "Dear team." in places.ends
    assert len(places.asked) + len(places.ends) + len(places.rest) <= 17


def test_words_without_a_stop_are_cut():
    places = windows("word " * (LONG * 5))
    assert places.asked == ()
    assert 1 <= len(places.ends) + len(places.rest) <= 17
