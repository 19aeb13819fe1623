"""`careline oncall --at`: moments that can be asked for."""

from datetime import datetime

import pytest

from bot.cli.oncall import _moment


@pytest.mark.parametrize("given", ["soon", "2026-12-24T25:00", "9999-12-31T23:59", "0001-01-01"])
def test_what_is_no_moment_is_refused_in_words(given: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        _moment(given)
    assert "--at: write a" in capsys.readouterr().err


def test_moments():
    assert _moment(None) is None
    assert _moment("2026-12-24T18:00") == datetime(2026, 12, 24, 18)  # noqa: DTZ001  the team's
