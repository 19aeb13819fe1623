"""Teams, hours and ladders in the settings: what they mean, and every fault at once."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.connectors.oncall.section import HoursSection, opening_of
from bot.domain.errors import SettingsError
from bot.settings import Settings, calendars_of, lines_of, load, teams_of

GOOD = """
[oncall]
sms = "twilio:+15550100"
[hours.office]
time_zone = "Europe/Berlin"
open = ["mon-fri 9:00-17:30", "sat,sun 10:00 - 14:00"]
holidays = [2026-12-25]
[teams.support]
calendars = ["https://x.example/a.ics?key=hunter2", "/etc/on.ics"]
overrides = ["https://x.example/a.ics?key=hunter2"]
ladder = "usual"
[teams.leads]
members = ["ada", "ben"]
roles = {lead = ["ada"]}
hours = "office"
[teams.leads.rotation]
order = ["ada", "ben"]
start = 2026-11-30
handover = "08:00"
time_zone = "Europe/Berlin"
[[ladders.usual.rungs]]
team = "support"
means = "direct"
wait_minutes = 5
[[ladders.usual.rungs]]
team = "leads"
role = "lead"
means = "webhook"
callout = "pager"
wait_minutes = 10
[callouts.pager]
routing_key = "hunter2"
[lines.shop]
title = "the shop"
kb = "shop"
hours = "office"
quiet_reminder_minutes = 0
"""
BAD = """
[hours.office]
time_zone = "Mars/Base"
open = ["always"]
[teams.support]
members = ["ada"]
ladder = "none"
hours = "never"
roles = {lead = ["zoe"]}
rotation = {order = ["zoe"], start = 2026-11-30, handover = "nine"}
[ladders.empty]
rungs = []
[[ladders.odd.rungs]]
team = "nobody"
means = "webhook"
wait_minutes = 5
[[ladders.odd.rungs]]
team = "support"
role = "chief"
means = "sms"
wait_minutes = 0
[[ladders.odd.rungs]]
team = "support"
means = "webhook"
callout = "pager"
wait_minutes = 1
[lines.shop]
title = "the shop"
kb = "shop"
team = "care"
ladder = "missing"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(folder: Path, text: str) -> Settings:
    (folder / "careline.toml").write_text(text)
    return load(None, folder / "data")


def test_everything_that_can_be_said(folder: Path):
    settings = loaded(folder, GOOD)
    (line,) = lines_of(settings)
    ladder = line.ladder_of()
    assert ladder is not None
    assert [(r.team, r.role, r.means, r.wait) for r in ladder.rungs] == [
        ("support", None, "direct", timedelta(minutes=5)),
        ("leads", "lead", "webhook", timedelta(minutes=10)),
    ]
    assert (ladder.fallback, line.quiet_reminder) == ("callback", None)
    assert line.ladder_of("leads") == ladder  # it has none of its own
    assert line.hours is not None
    assert line.hours.openings[0].days == (0, 1, 2, 3, 4)
    support, leads = teams_of(settings)
    assert support.calendars[0] == support.overrides[0] != support.calendars[1]
    assert (leads.hours, leads.roles) == (line.hours, (("lead", ("ada",)),))
    assert leads.rotation is not None
    assert leads.rotation.handover == time(8)
    assert [s.key for s in calendars_of(settings)] == [
        "teams.support.calendars.0", "teams.support.calendars.1", "teams.support.overrides.0"
    ]  # fmt: skip
    assert "hunter2" not in repr(settings) + repr(calendars_of(settings))


def test_every_fault_at_once_in_words(folder: Path):
    with pytest.raises(SettingsError) as error:
        loaded(folder, BAD)
    found = "\n".join(error.value.faults)
    for words in (
        "hours.office.time_zone: Value error, there is no such time zone",
        "hours.office.open.0: Value error, write days and times",
        "teams.support.ladder: there is no table [ladders.none]",
        "teams.support.hours: there is no table [hours.never]",
        "teams.support.roles.lead: zoe is not among teams.support.members",
        "teams.support.rotation.order: zoe is not among teams.support.members",
        "teams.support.rotation.handover: Value error, write a time of day",
        "ladders.empty.rungs: Value error, a ladder needs a rung",
        "ladders.odd.rungs.0.team: there is no team nobody",
        "ladders.odd.rungs.0.callout: a webhook needs the name of a call-out",
        "ladders.odd.rungs.1.role: team support has no role chief",
        "ladders.odd.rungs.1.means: SMS needs oncall.sms",
        "ladders.odd.rungs.1.wait_minutes",
        "ladders.odd.rungs.2.callout: there is no call-out pager",
        "lines.shop.team: there is no team care",
        "lines.shop.ladder: there is no table [ladders.missing]",
    ):
        assert words in found
    assert len(error.value.faults) == 16


@pytest.mark.parametrize(
    ("text", "days", "end"),
    [
        ("mon-fri 09:00-17:30", (0, 1, 2, 3, 4), time(17, 30)),
        ("Sat, Sun 10:00-14:00", (5, 6), time(14)),
        ("fri-mon 22:00-06:00", (4, 5, 6, 0), time(6)),
        ("mon 0:00-24:00", (0,), time(0)),
    ],
)
def test_openings(text: str, days: tuple[int, ...], end: time):
    opening = opening_of(text)
    assert (opening.days, opening.end) == (days, end)


@pytest.mark.parametrize(
    "text", ["", "9-5", "mon 25:00-26:00", "noday 09:00-10:00", "mon-x 09:00-10:00"]
)
def test_what_is_no_opening(text: str):
    with pytest.raises(ValidationError, match="write days and times"):
        HoursSection(time_zone="UTC", open=(text,))
