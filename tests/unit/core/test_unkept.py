"""What could not be stored is kept in mind: not for ever, and not without bound."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.core import unkept
from bot.core.unkept import LONGEST, Kept, Unkept
from bot.core.writing import Written

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def kept(at: datetime = NOW) -> Kept:
    return Kept(written=Written(), passages=(), line="shop", at=at)


def test_the_old_goes():
    mind = Unkept()
    mind.add("a", kept())
    mind.add("b", kept(NOW + LONGEST))
    assert len(mind) == 2
    mind.add("c", kept(NOW + LONGEST + SECOND))
    assert (mind.get("a"), len(mind)) == (None, 2)


def test_there_are_never_too_many(monkeypatch):
    monkeypatch.setattr(unkept, "MOST", 2)
    mind = Unkept()
    for name in "abc":
        mind.add(name, kept())
    assert (mind.get("a"), len(mind)) == (None, 2)


def test_what_could_not_be_stored_is_there_again():
    mind = Unkept()
    mind.add("a", kept())
    with suppress(OSError), mind.storing("a"):
        assert mind.get("a") is None
        raise OSError("away")
    with mind.storing("a") as one:
        assert one == kept()
    assert len(mind) == 0
