"""`careline outcomes`: what `--since` means, and what is printed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.outcomes import Period, as_object, in_words, moment
from bot.domain.errors import BadRequest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERIOD = Period(line="shop", ends={"confirmed": 1, "escalated": 3}, scores={5: 1, 2: 1})


def test_days_and_dates():
    assert moment("7d", NOW) == NOW - timedelta(days=7)
    assert moment("2026-02-01", NOW) == datetime(2026, 2, 1, tzinfo=UTC)
    assert moment("2026-02-01T10:00+01:00", NOW) == datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "-3d", "2026-13-01", "99999999d"])
def test_what_is_no_moment_is_told(text: str):
    with pytest.raises(BadRequest, match="30d"):
        moment(text, NOW)


def test_one_object_a_line():
    assert as_object(PERIOD) == {
        "line": "shop",
        "conversations": 4,
        "confirmed": 1,
        "assumed": 0,
        "escalated": 3,
        "abandoned": 0,
        "ratings": 2,
        "scores": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1},
        "mean": 3.5,
    }


def test_in_words():
    assert in_words(PERIOD) == (
        "shop: 4 conversations; confirmed 1 (25.0 %), assumed 0 (0.0 %), escalated 3 (75.0 %), "
        "abandoned 0 (0.0 %); CSAT 3.50 of 5 (2)"
    )
    rated_only = Period(line="it", ends={}, scores={})
    assert in_words(rated_only).endswith("abandoned 0 (-); CSAT none")
