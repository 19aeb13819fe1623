"""Overrides, rotations, hours and who is meant by a name."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.connectors.oncall.matching import people_of
from bot.connectors.oncall.roster import Roster
from bot.connectors.oncall.rotation import next_change, turn_at
from bot.domain.contact import Person
from bot.domain.hours import Hours, Opening
from bot.domain.oncall import Rotation, Shift, Team

ADA = Person(id="ada", name="Ada Lovelace", email="Ada@example.org", aliases=("Countess",))
ANN = Person(id="ann", name="Ann")
LEE = Person(id="lee", name="Ann Lee")
BEN = Person(id="ben", name="Ben Bell", email="ben@example.org")
BOSS = Person(id="boss", name="Boss", rights=("operate",))
STAFF = (ADA, ANN, LEE, BEN, BOSS)
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Hours(
    zone="Europe/Berlin",
    openings=(Opening(days=(0, 1, 2, 3, 4), start=time(9), end=time(17)),),
    holidays=(date(2026, 3, 30),),
)


def shift(hours: float, *, after: float = 0, title: str = "", attendees: tuple[str, ...] = ()):
    start = START + after * HOUR
    return Shift(start=start, end=start + hours * HOUR, title=title, attendees=attendees)


def roster(team: Team, **shifts: tuple[Shift, ...]) -> Roster:
    made = Roster([team])
    made.update(STAFF, shifts)
    return made


def on(made: Roster, at: datetime, role: str | None = None) -> list[str]:
    return [duty.person.id for duty in made.now("support", at, role=role).people]


def test_an_override_replaces_the_calendar_for_as_long_as_it_lasts():
    team = Team(name="support", calendars=("main",), overrides=("swap",))
    made = roster(
        team,
        main=(shift(10, title="Ada Lovelace"),),
        swap=(shift(2, after=4, title="Ben Bell"),),
    )
    assert [on(made, START + h * HOUR) for h in (3, 4, 5, 6)] == [
        ["ada"],
        ["ben"],
        ["ben"],
        ["ada"],
    ]
    duty = made.now("support", START)
    assert duty.people[0].until == START + 4 * HOUR
    assert [d.person.id for d in duty.then] == ["ben"]
    assert made.now("support", START + 4 * HOUR).people[0].source == "override"


def test_an_override_of_a_stranger_leaves_the_calendar_and_says_so():
    team = Team(name="support", calendars=("main",), overrides=("swap",))
    made = roster(team, main=(shift(9, title="Ada Lovelace"),), swap=(shift(9, title="Zoe"),))
    duty = made.now("support", START)
    assert [d.person.id for d in duty.people] == ["ada"]
    assert duty.unknown == ("Zoe",)


def test_a_calendar_may_name_members_only():
    made = roster(
        Team(name="support", members=("ben",), calendars=("c",)),
        c=(shift(9, title="Ada Lovelace"),),
    )
    assert made.now("support", START).unknown == ("Ada Lovelace",)
    assert made.unmatched(made.teams["support"], START) == ("Ada Lovelace",)


def test_a_person_may_be_in_two_teams():
    both = [Team(name="one", members=("ada", "ben")), Team(name="two", members=("ada",))]
    made = Roster(both)
    made.update(STAFF, {})
    assert [d.person.id for d in made.now("one", START).people] == ["ada", "ben"]
    assert [d.person.id for d in made.now("two", START).people] == ["ada"]


def test_without_a_schedule_a_team_is_there_in_its_hours():
    made = roster(Team(name="support", members=("ada",), hours=OFFICE, roles=(("lead", ("ben",)),)))
    assert on(made, START) == ["ada"]
    assert on(made, START, role="lead") == ["ben"]
    evening = START + 9 * HOUR
    assert on(made, evening) == on(made, evening, role="lead") == []
    assert made.now("support", evening).back_at() == START + 24 * HOUR


def test_operators_who_do_not_handle_are_not_called():
    assert on(roster(Team(name="support")), START) == ["ada", "ann", "lee", "ben"]


def test_strangers_in_the_settings_are_named():
    rotation = Rotation(order=("ada", "zoe"), start=date(2026, 3, 2))
    team = Team(name="support", members=("ada", "max"), rotation=rotation)
    made = roster(team)
    assert made.strangers(team) == ("max", "zoe")
    assert on(made, START + timedelta(days=8)) == []


def test_a_rotation_hands_over_by_the_wall_clock():
    rotation = Rotation(order=("ada", "ben"), start=date(2026, 3, 23), zone="Europe/Berlin")
    before = datetime(2026, 3, 23, 7, 59, tzinfo=UTC)
    assert turn_at(rotation, before) is None
    assert next_change(rotation, before) == before + timedelta(minutes=1)
    first = turn_at(rotation, before + timedelta(minutes=1))
    # the clocks go forward on 29 March: that week has an hour less
    summer = datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert first == ("ada", datetime(2026, 3, 23, 8, tzinfo=UTC), summer)
    assert turn_at(rotation, summer) == ("ben", summer, summer + timedelta(days=7))
    third = summer + timedelta(days=7)
    assert turn_at(rotation, third) == ("ada", third, third + timedelta(days=7))
    made = roster(Team(name="support", rotation=rotation))
    duty = made.now("support", summer - timedelta(minutes=1))
    assert (duty.people[0].until, [d.person.id for d in duty.then]) == (summer, ["ben"])


def test_a_rotation_fills_what_the_calendar_leaves_open():
    rotation = Rotation(order=("ben",), start=date(2026, 3, 1))
    team = Team(name="support", calendars=("main",), rotation=rotation)
    made = roster(team, main=(shift(2, title="Ada Lovelace"),))
    assert [on(made, START + h * HOUR) for h in (1, 2)] == [["ada"], ["ben"]]


@pytest.mark.parametrize(
    ("title", "attendees", "people"),
    [
        ("On call", ("ADA@example.ORG",), ["ada"]),
        ("On call", ("nobody@example.org", "ben  bell"), ["ben"]),
        ("Ben Bell", ("room@example.org",), ["ben"]),
        ("On Call - Ada Lovelace - Support", (), ["ada"]),
        ("on call: countess + ben bell", (), ["ada", "ben"]),
        ("ben@example.org (night)", (), ["ben"]),
        ("Ann Lee", (), ["lee"]),
        ("Ann, Ann Lee", (), ["ann", "lee"]),
        ("Annabel", (), []),
        ("ben", (), ["ben"]),
        ("ben is away", (), []),
        ("", (), []),
    ],
)
def test_who_is_meant(title: str, attendees: tuple[str, ...], people: list[str]):
    found, unknown = people_of(shift(1, title=title, attendees=attendees), STAFF)
    assert sorted(p.id for p in found) == people
    assert bool(unknown) == (not people)


def test_hours_over_midnight_weekends_holidays_and_the_change_of_clocks():
    night = Hours(zone="Europe/Berlin", openings=(Opening(days=(5,), start=time(22), end=time(6)),))
    assert night.open_at(datetime(2026, 3, 29, 3, 59, tzinfo=UTC))  # an hour less that night
    assert not night.open_at(datetime(2026, 3, 29, 4, tzinfo=UTC))
    friday = datetime(2026, 3, 27, 16, tzinfo=UTC)
    assert not OFFICE.open_at(friday)
    assert OFFICE.opens(friday) == datetime(2026, 3, 31, 7, tzinfo=UTC)  # Monday is a holiday
    assert OFFICE.opens(START) == START
    assert Hours(zone="UTC", openings=()).opens(START) is None
    always = Hours(
        zone="UTC", openings=(Opening(days=tuple(range(7)), start=time(0), end=time(0)),)
    )
    assert always.open_at(START.replace(hour=0))


def test_a_large_roster_answers_at_once():
    many = tuple(shift(1, after=n, title="Ada Lovelace") for n in range(5000))
    made = roster(Team(name="support", calendars=("c",)), c=many)
    assert on(made, START + 100 * HOUR) == ["ada"]


def test_a_team_that_left_the_settings_calls_nobody():
    made = roster(Team(name="other", members=("ada",)))
    assert on(made, START) == []
    assert made.now("support", START).changes_at is None


def test_without_any_team_in_the_settings_a_name_is_everybody():
    made = Roster([])
    made.update(STAFF, {})
    assert "ada" in on(made, START)
