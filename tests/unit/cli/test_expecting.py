"""Shares in words."""

import pytest

from bot.cli.expecting import in_words
from bot.domain.knowledge import Expected


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.9, "9 in 10"),
        (0.906, "9 in 10"),
        (0.95, "19 in 20"),
        (0.93, "93 in 100"),
        (0.004, "hardly any"),
        (0.996, "nearly all"),
        (0.02, "2 in 100"),
    ],
)
def test_shares_are_told_in_round_numbers(share: float, told: str):
    said = in_words(Expected(asked=100, right=share, wrong=0.0, unknown=0.05))
    assert f"answer {told} right and hardly any wrong, to refuse 1 in 20" in said
    assert "beyond" not in said


def test_what_lies_beyond_is_told_where_it_is_known():
    expected = Expected(asked=9, right=0.9, wrong=0.0, unknown=0.1, outside_unknown=0.85)
    assert in_words(expected).endswith("of questions beyond them I expect to refuse 17 in 20.")
