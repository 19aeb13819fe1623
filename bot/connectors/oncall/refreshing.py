"""Keeping the roster up to date: calendars read when they are due, staff as it is now."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.connectors.oncall.fetching import Partly, read
from bot.connectors.oncall.roster import Roster
from bot.connectors.oncall.section import Source
from bot.domain.contact import Person
from bot.domain.errors import CarelineError, ConnectorError
from bot.domain.oncall import CalendarCopies, CalendarState, Shift
from bot.domain.ports import Clock

log = logging.getLogger("careline.oncall")

_AT_ONCE = 4
"""Calendars that are read beside each other."""


class People(Protocol):
    """Where staff are known."""

    async def people(self) -> tuple[Person, ...]:
        """Everybody."""
        ...


Read = Callable[[Source, datetime], Awaitable[tuple[Shift, ...]]]


class Refresher:
    """Reads what is due, one process for all, and brings the roster up to date.

    A calendar that cannot be read keeps its last good copy; `ailing` counts those, and says so.
    """

    def __init__(  # noqa: PLR0913  one name per port it asks
        self,
        roster: Roster,
        *,
        sources: Sequence[Source],
        copies: CalendarCopies,
        people: People,
        clock: Clock,
        every: timedelta,
        ailing: Callable[[int], None] = lambda _count: None,
        read: Read = read,
    ) -> None:
        self.roster = roster
        self._sources = tuple({source.name: source for source in sources}.values())
        self._copies = copies
        self._people = people
        self._clock = clock
        self._every = every
        self._ailing = ailing
        self._read = read
        self._shifts: dict[str, tuple[Shift, ...]] = {}
        self._seen: dict[str, datetime | None] = {}

    async def __call__(self) -> None:
        """Read what is due, and take over what this or another process has read."""
        few = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._if_due(source, few) for source in self._sources))
        await self.take_over()

    async def _if_due(self, source: Source, few: asyncio.Semaphore) -> None:
        """Read one if it is due; feeds that do not answer must not hold each other up."""
        async with few:
            if await self._copies.take(source.name, now=self._clock.now(), every=self._every):
                await self._refresh(source)

    async def take_over(self) -> None:
        """Bring the roster up to date with what is stored; nothing is fetched."""
        states = await self._copies.states() if self._sources else {}
        for source in self._sources:
            state = states.get(source.name)
            if state is not None and state.read_at != self._seen.get(source.name):
                self._shifts[source.name] = await self._copies.shifts(source.name)
                self._seen[source.name] = state.read_at
        self.roster.update(await self._people.people(), self._shifts)
        self._ailing(len(ailing(self._sources, states)))

    async def _refresh(self, source: Source) -> None:
        now = self._clock.now()
        try:
            shifts = await self._read(source, now)
            await self._copies.keep(source.name, shifts, now=now)
        except Partly as exc:
            await self._copies.keep(source.name, exc.shifts, now=now)
            await self._failed(source, exc, now)
        except ConnectorError as exc:
            await self._failed(source, exc, now)
        except CarelineError:
            raise
        except Exception as exc:  # noqa: BLE001  one odd feed must not end the round of all others
            await self._failed(source, exc, now)

    async def _failed(self, source: Source, exc: Exception, now: datetime) -> None:
        log.warning("calendar_failed", extra={"path": source.key, "error": type(exc).__name__})
        words = str(exc) if isinstance(exc, ConnectorError) else f"a fault ({type(exc).__name__})"
        await self._copies.failed(source.name, words, now=now)


def ailing(sources: Sequence[Source], states: Mapping[str, CalendarState]) -> list[str]:
    """What is wrong with calendars, as sentences."""
    return [
        f"{source.key}: {state.fault}; {_lasts(state)}"
        for source in sources
        if (state := states.get(source.name)) is not None and state.fault is not None
    ]


def _lasts(state: CalendarState) -> str:
    if state.read_at is None:
        return "there is no earlier copy, so it calls nobody"
    return f"the copy of {state.read_at:%Y-%m-%d %H:%M} UTC is used"
