"""Typing shows at the other end of a talk: the customer's to its claimer, the claimer's to them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.deciding import owner
from bot.core.lines import Lines
from bot.domain.contact import Person
from bot.domain.desk import StaffBook
from bot.domain.errors import CarelineError
from bot.domain.message import Address
from bot.domain.ports import Channel, Store, Typing

Signs: TypeAlias = Callable[[Typing], Awaitable[None]]
_PATIENCE_S = 2.0
"""A webhook waits so long at most: the sign is gone by then, and the platform wants its answer."""


async def unshown(_typing: Typing) -> None:
    """Nobody is shown that somebody types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingSigns:
    """Shows typing while a person has the customer; never raises, and keeps nothing."""

    store: Store
    lines: Lines
    staff: StaffBook
    channels: Mapping[str, Channel]

    async def __call__(self, typing: Typing) -> None:
        with suppress(CarelineError, TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                there = await self._other_end(typing)
                channel = self.channels.get(there.channel) if there is not None else None
                if there is not None and channel is not None and channel.abilities.typing:
                    await channel.progress(there, typing.state)

    async def _other_end(self, typing: Typing) -> Address | None:
        """Where it shows; None while no person has the customer, and for anybody else's typing."""
        if self.lines.is_staffs(typing.address):
            return await self._customer(typing)
        async with self.store.reading() as reading:
            held = await reading.conversations.at(typing.address)
        handoff = held.handoff if held is not None and held.holder == "human" else None
        return handoff.staff_thread if handoff is not None else None

    async def _customer(self, typing: Typing) -> Address | None:
        async with self.store.reading() as reading:
            held = await reading.conversations.by_thread(typing.address)
        if held is None or held.handoff is None or held.holder != "human":
            return None
        if held.handoff.staff_thread != typing.address:
            return None
        person = person_at(typing.address, typing.sender.handle, await self.staff.people())
        return held.address if person is not None and owner(held) == person.id else None


def person_at(place: Address, handle: str, people: tuple[Person, ...]) -> Person | None:
    """Who of staff has this handle where something was written."""
    where = (place.channel, place.account, handle)
    for person in people:
        if any((a.channel, a.account, a.room) == where for a in person.addresses):
            return person
    return None
