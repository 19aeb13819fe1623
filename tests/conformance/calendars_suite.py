"""What every `CalendarCopies` must do."""

from datetime import UTC, datetime, timedelta

from bot.domain.oncall import CalendarCopies, CalendarState, Shift

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVERY = timedelta(minutes=5)
SHIFTS = (Shift(start=NOW, end=NOW + EVERY, title="Ada", attendees=("ada@example.org",)),)


class CalendarCopiesSuite:
    async def test_one_reader_in_a_while(self, copies: CalendarCopies):
        assert await copies.take("c", now=NOW, every=EVERY)
        assert not await copies.take("c", now=NOW + timedelta(minutes=4), every=EVERY)
        assert await copies.take("other", now=NOW, every=EVERY)
        assert await copies.take("c", now=NOW + EVERY, every=EVERY)

    async def test_a_clock_set_back_holds_up_nobody(self, copies: CalendarCopies):
        assert await copies.take("c", now=NOW, every=EVERY)
        # The clock of another process is a little behind: that is no reason to read it again.
        assert not await copies.take("c", now=NOW - timedelta(seconds=2), every=EVERY)
        assert await copies.take("c", now=NOW - timedelta(days=1), every=EVERY)

    async def test_a_good_copy_outlives_a_fault(self, copies: CalendarCopies):
        await copies.take("c", now=NOW, every=EVERY)
        assert await copies.shifts("c") == ()
        await copies.keep("c", SHIFTS, now=NOW)
        later = NOW + EVERY
        await copies.failed("c", "the server answers 500", now=later)
        assert await copies.shifts("c") == SHIFTS
        fault = CalendarState(tried_at=later, read_at=NOW, fault="the server answers 500")
        assert dict(await copies.states()) == {"c": fault}
        await copies.keep("c", (), now=later)
        assert dict(await copies.states()) == {"c": CalendarState(tried_at=later, read_at=later)}
        assert await copies.shifts("c") == ()

    async def test_what_is_not_known(self, copies: CalendarCopies):
        assert await copies.shifts("c") == ()
        assert dict(await copies.states()) == {}
