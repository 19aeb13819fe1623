"""What turns an answer down, what does so and nothing else, and what does not."""

import pytest

from bot.core.rules.turning_down import only_turns_down, turns_down

ALONE = """
that's not what I asked|That\N{RIGHT SINGLE QUOTATION MARK}s not what I asked!|
this isn't what i asked for|no|Nope.|👎|not what I meant
that doesn't help|That did not help me|it still doesn't work|you didn't answer my question
wrong answer|not helpful|no, that's not it|that is wrong|thats not what i was asking
you misunderstood me|useless
sorry but that didn't answer my question|no that is not what I wanted|I asked something else
"""
WITH_MORE = """
that's not what I asked, how do I pay by card?|wrong answer. where is my parcel
"""
NOT = """
no thanks|how do I return something that doesn't work?|my card is not working|yes|no problem
it's not too late to cancel?|what is not covered|is this answer right?|my order is wrong
the app did not help me find my parcel|no, not right now|i got the wrong item|thanks
"""


def said(text: str) -> list[str]:
    return [one for line in text.strip().splitlines() for one in line.split("|") if one]


@pytest.mark.parametrize("text", said(ALONE))
def test_nothing_else_is_said(text: str):
    assert turns_down(text)
    assert only_turns_down(text)


@pytest.mark.parametrize("text", said(WITH_MORE))
def test_something_else_is_asked(text: str):
    assert turns_down(text)
    assert not only_turns_down(text)


@pytest.mark.parametrize("text", said(NOT))
def test_nothing_is_turned_down(text: str):
    assert not turns_down(text)
    assert not only_turns_down(text)
