"""Sending what was committed: in order per room, holder and version checked at each mark."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from bot.domain.errors import Refused, TryLater, Unavailable
from bot.domain.message import Receipt
from bot.domain.ports import Channel, Clock, OutboxRow, Settled, Store, WritesInside

MAX_TRIES = 50
"""After so many postponements a row is given up as refused."""
_SETTLE_TRIES = 60
_SETTLE_WAIT_S = 0.5


class Delivery:
    """The only place that sends."""

    def __init__(self, store: Store, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels

    async def deliver(self, room: str) -> int:
        """Send every due row of a room; how many were sent."""
        sent = 0
        while (row := await self._next(room)) is not None:
            try:
                if not await self._send(row):
                    return sent
            finally:
                self._store.idle(row.id)
            sent += 1
        return sent

    async def _next(self, room: str) -> OutboxRow | None:
        """Mark the next row; one for a channel that writes inside is sent in the same commit."""
        while True:
            async with self._store.transaction() as transaction:
                row = await transaction.outbox.claim(room, self._clock.now())
                channel = self._channels.get(row.outbound.address.channel) if row else None
                if row is None or not isinstance(channel, WritesInside):
                    return row
                receipt = await channel.write(transaction, row.outbound)
                await transaction.outbox.settle(row.id, "sent", receipt=receipt)
            self._store.idle(row.id)

    async def _send(self, row: OutboxRow) -> bool:
        """Send one marked row; False when the room has to wait."""
        channel = self._channels.get(row.outbound.address.channel)
        try:
            if channel is None:
                raise Refused("no such channel is set up")  # noqa: TRY301  one way to refuse
            receipt = await channel.send(row.outbound)
        except TryLater as exc:
            return await self._postpone(row, exc.after)
        except Refused:
            await self._settle(row, "refused")
            return True
        await self._settle(row, "sent", receipt)
        return True

    async def _postpone(self, row: OutboxRow, after: timedelta) -> bool:
        if row.tries >= MAX_TRIES:
            await self._settle(row, "refused")
            return True
        async with self._store.transaction() as transaction:
            await transaction.outbox.postpone(row.id, self._clock.now() + after)
        return False

    async def _settle(self, row: OutboxRow, state: Settled, receipt: Receipt | None = None) -> None:
        """End a row. What was sent must be known as sent: a database that is away is awaited."""
        for attempt in range(_SETTLE_TRIES):
            try:
                async with self._store.transaction() as transaction:
                    await transaction.outbox.settle(row.id, state, receipt=receipt)
            except Unavailable:
                if attempt + 1 == _SETTLE_TRIES:
                    raise
                await asyncio.sleep(_SETTLE_WAIT_S)
            else:
                return
