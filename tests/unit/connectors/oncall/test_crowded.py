"""Calendars that hold far more than shifts: who is on call is asked while customers wait."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.connectors.oncall import matching
from bot.connectors.oncall.reading import MOST_SHIFTS
from bot.connectors.oncall.roster import Roster
from bot.domain.contact import Person
from bot.domain.oncall import Shift, Team

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEAM = Team(name="support", calendars=("all",))
STAFF = tuple(Person(id=f"p{n}", name=f"Person {n:03}") for n in range(600))


def crowded(*, known: bool) -> Roster:
    """A calendar of a whole company: all its entries overlap."""
    made = Roster([TEAM])
    shifts = tuple(
        Shift(
            start=NOW - HOUR + timedelta(seconds=number),
            end=NOW + 1000 * HOUR + timedelta(seconds=number),
            title=f"Meeting {number} with {'Person 007' if known else 'somebody'}",
        )
        for number in range(MOST_SHIFTS)
    )
    made.update(STAFF, {"all": shifts})
    return made


@pytest.mark.parametrize("known", [False, True])
def test_each_entry_is_matched_once_however_often_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, *, known: bool
):
    matched: list[str] = []
    people_of = matching.Names.people_of

    def counted(names: matching.Names, shift: Shift) -> matching.People:
        matched.append(shift.title)
        return people_of(names, shift)

    monkeypatch.setattr(matching.Names, "people_of", counted)
    made = crowded(known=known)
    for _ in range(3):
        duty = made.now("support", NOW)
        made.unmatched(TEAM, NOW)
    assert [on.person.id for on in duty.people] == (["p7"] if known else [])
    assert bool(duty.unknown) is not known
    assert len(matched) == MOST_SHIFTS


def test_new_staff_are_found_in_calendars_that_are_known():
    made = crowded(known=True)
    made.update((), made._shifts)
    assert made.now("support", NOW).people == ()
    made.update(STAFF, made._shifts)
    assert [on.person.id for on in made.now("support", NOW).people] == ["p7"]
