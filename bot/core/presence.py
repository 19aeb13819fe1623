"""Passing on that somebody types, between a customer and whoever has their hand-off."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot.core.deciding import owner
from bot.domain.contact import Person
from bot.domain.desk import Notices
from bot.domain.message import Address
from bot.domain.ports import Channel, Clock, Store

EVERY = timedelta(seconds=2)
"""Told again within this time, nothing is looked up and nothing passed on."""
TYPING = b"typing:"
"""Before the id of a hand-off whose customer types, where the desks hear of changes."""
_MOST = 10_000


class Presence:
    """Nothing of this is kept: a signal passes to the pages that are open, and is forgotten.

    A page takes it back by itself after some seconds, so that it needs no word for "not any more".
    """

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], notices: Notices, clock: Clock
    ) -> None:
        self._store = store
        self._channels = channels
        self._notices = notices
        self._clock = clock
        self._told: OrderedDict[str, tuple[datetime, bool]] = OrderedDict()

    async def staff_types(self, handoff: str, by: Person) -> bool:
        """Somebody at the desk types a reply; whether the customer is shown it."""

        async def passed() -> bool:
            async with self._store.reading() as transaction:
                held = await transaction.conversations.by_handoff(handoff)
            if held is None or not by.may_handle(held.line):
                return False
            channel = self._channels.get(held.address.channel)
            if held.holder != "human" or owner(held) != by.id or channel is None:
                return False
            if channel.abilities.typing:
                await channel.progress(held.address, "typing", name=by.name)
            return channel.abilities.typing

        return await self._once(f"{handoff}\x1f{by.id}", passed)

    async def customer_types(self, address: Address) -> bool:
        """A customer types; whether a person has the conversation, who is shown it."""

        async def passed() -> bool:
            async with self._store.reading() as transaction:
                held = await transaction.conversations.at(address)
            if held is None or held.holder != "human" or held.handoff is None:
                return False
            await self._notices.tell("desk", TYPING + held.handoff.id.encode())
            thread = held.handoff.staff_thread
            there = self._channels.get(thread.channel) if thread else None
            if thread is not None and there is not None and there.abilities.typing:
                await there.progress(thread, "typing")
            return True

        return await self._once(address.key(), passed)

    async def _once(self, key: str, passed: Callable[[], Awaitable[bool]]) -> bool:
        now = self._clock.now()
        at, shown = self._told.get(key, (now - EVERY, False))
        if now - at < EVERY:
            return shown
        shown = await passed()
        self._told[key] = (now, shown)
        self._told.move_to_end(key)
        if len(self._told) > _MOST:
            self._told.popitem(last=False)
        return shown
