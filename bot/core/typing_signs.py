"""Typing that platforms tell of: it shows at the other end of a talk with a person."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.lines import Lines
from bot.core.presence import Presence
from bot.domain.contact import Person
from bot.domain.desk import StaffBook
from bot.domain.errors import CarelineError
from bot.domain.message import Address
from bot.domain.ports import Store, Typing

Signs: TypeAlias = Callable[[Typing], Awaitable[None]]
_PATIENCE_S = 2.0
"""A webhook waits so long at most: the sign is gone by then, and the platform wants its answer."""


async def unshown(_typing: Typing) -> None:
    """Nobody is shown that somebody types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingSigns:
    """Passes on what platforms tell of typing; never raises, and keeps nothing."""

    store: Store
    lines: Lines
    staff: StaffBook
    presence: Presence

    async def __call__(self, typing: Typing) -> None:
        with suppress(CarelineError, TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                if self.lines.is_staffs(typing.address):
                    await self._staff_types(typing)
                else:
                    await self.presence.customer_types(typing.address)

    async def _staff_types(self, typing: Typing) -> None:
        """Only in the thread of the present hand-off; presence asks whether it is theirs."""
        async with self.store.reading() as reading:
            held = await reading.conversations.by_thread(typing.address)
        handoff = held.handoff if held is not None else None
        if handoff is None or handoff.staff_thread != typing.address:
            return
        person = person_at(typing.address, typing.sender.handle, await self.staff.people())
        if person is not None:
            await self.presence.staff_types(handoff.id, person)


def person_at(place: Address, handle: str, people: tuple[Person, ...]) -> Person | None:
    """Who of staff has this handle where something was written."""
    where = (place.channel, place.account, handle)
    for person in people:
        if any((a.channel, a.account, a.room) == where for a in person.addresses):
            return person
    return None
