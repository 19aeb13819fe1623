"""Calendars as PagerDuty, Opsgenie, Google and Outlook write them, and odd ones."""

from datetime import UTC, datetime

import pytest

from bot.connectors.oncall.reading import MOST_SHIFTS, NotACalendar, shifts_of
from tests.unit.connectors.oncall.calendars import GOOGLE, OPSGENIE, OUTLOOK, PAGERDUTY, one

BEGIN, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 15, tzinfo=UTC)


def read(data: bytes, zone: str = "Europe/Berlin") -> list[tuple[str, str, str]]:
    found, unread = shifts_of(data, begin=BEGIN, end=END, zone=zone)
    assert unread == 0
    return [
        (s["start"][5:16], s["end"][5:16], " ".join([*s["attendees"], s["title"]])) for s in found
    ]


def test_pagerduty():
    assert read(PAGERDUTY) == [
        ("03-02T08:00", "03-09T08:00", "ada@example.org On Call - Ada Lovelace - Support"),
        ("03-09T08:00", "03-16T08:00", "ben@example.org On Call - Ben Bell - Support"),
    ]


def test_opsgenie():
    assert read(OPSGENIE) == [
        ("03-02T08:00", "03-02T20:00", "ada@example.org"),
        ("03-03T08:00", "03-03T20:00", "Ben Bell (Support_schedule)"),
    ]


def test_google_repeats_on_the_wall_clock_with_exceptions():
    ada = "ada@example.org Ada Lovelace On call"
    found = read(GOOGLE)
    assert found[:4] == [
        ("03-02T14:00", "03-02T22:00", ada),
        # the third is left out; all of the sixth and seventh, in the calendar's own zone
        ("03-06T05:00", "03-08T05:00", "Cleo Day"),
        # moved from nine, to Ben; New York has put its clocks forward the day before
        ("03-09T16:00", "03-09T18:00", "ben@example.org Ben Bell On call"),
        # the tenth is called off
        ("03-16T13:00", "03-16T21:00", ada),
    ]
    assert len(found) == 3 + 10  # two a week until Tuesday, 14 April


def test_outlook_names_zones_as_windows_does():
    ada = "On call: Ada Lovelace"
    assert read(OUTLOOK) == [
        # nine in Berlin before the clocks go forward (29 March), and nine after
        ("03-23T08:00", "03-30T07:00", ada),
        ("04-06T07:00", "04-13T07:00", ada),
    ]


def test_days_and_times_without_a_zone_are_the_teams():
    day = one("DTSTART;VALUE=DATE:20260310", "SUMMARY:Ada")
    assert read(day, "America/New_York") == [("03-10T04:00", "03-11T04:00", "Ada")]
    plain = one("DTSTART:20260310T090000", "DURATION:PT8H", "SUMMARY:Ada")
    assert read(plain) == [("03-10T08:00", "03-10T16:00", "Ada")]


def test_extra_dates_and_counted_repeats():
    data = one(
        "DTSTART:20260310T090000Z", "DTEND:20260310T100000Z", "RRULE:FREQ=DAILY;COUNT=2",
        "RDATE:20260320T090000Z", "EXDATE:20260311T090000Z",
    )  # fmt: skip
    assert [start for start, _, _ in read(data)] == ["03-10T09:00", "03-20T09:00"]


def test_what_takes_no_time_or_lies_far_off_is_no_shift():
    assert read(one("DTSTART:20260310T090000Z", "SUMMARY:Ada")) == []
    assert read(one("DTSTART:20200310T090000Z", "DTEND:20200310T100000Z")) == []


def test_one_odd_entry_does_not_hide_the_others():
    odd = b"BEGIN:VEVENT\r\nUID:odd\r\nSUMMARY:no time\r\nEND:VEVENT\r\nEND:VCALENDAR"
    data = one("DTSTART:20260310T090000Z", "DTEND:20260310T100000Z").replace(b"END:VCALENDAR", odd)
    found, unread = shifts_of(data, begin=BEGIN, end=END, zone="UTC")
    assert (len(found), unread) == (1, 1)


def test_what_repeats_all_the_time_is_not_read():
    data = one("DTSTART:20260310T090000Z", "DTEND:20260310T090001Z", "RRULE:FREQ=SECONDLY")
    assert shifts_of(data, begin=BEGIN, end=END, zone="UTC") == ([], 1)


def test_too_many_entries_are_refused():
    data = one("DTSTART:19990310T090000Z", "DTEND:19990310T090100Z",
               "RRULE:FREQ=HOURLY;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55")  # fmt: skip
    later = data.replace(b"1999", b"2026")
    with pytest.raises(NotACalendar, match=str(MOST_SHIFTS)):
        shifts_of(later, begin=BEGIN, end=END, zone="UTC")
    assert shifts_of(data, begin=BEGIN, end=END, zone="UTC") == ([], 1)


def test_names_without_end_are_cut():
    data = one(
        "DTSTART:20260310T090000Z", "DTEND:20260310T100000Z", "SUMMARY:" + "a" * 9000,
        "ATTENDEE:mailto:" + "b" * 9000, 'ATTENDEE;CN="' + "c" * 9000 + '":mailto:ada@example.org',
        *(f"ATTENDEE:mailto:{number}@example.org" for number in range(900)),
    )  # fmt: skip
    found, _ = shifts_of(data, begin=BEGIN, end=END, zone="UTC")
    assert len(found[0]["title"]) == 500
    assert [len(name) for name in found[0]["attendees"][:3]] == [320, 15, 320]
    assert len(found[0]["attendees"]) == 50


@pytest.mark.parametrize(
    "data", [b"", b"<html>Sign in</html>", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\xff\xfe\x00" * 50]
)
def test_what_is_no_calendar(data: bytes):
    with pytest.raises(NotACalendar):
        shifts_of(data, begin=BEGIN, end=END, zone="UTC")
