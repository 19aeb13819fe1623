"""Sending what was committed: in order per room, holder and version checked at each mark."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core.commit import Delivered, uncounted
from bot.core.words import say
from bot.domain.conversation import Entry
from bot.domain.errors import Refused, TryLater, Unavailable
from bot.domain.message import Receipt, Text
from bot.domain.ports import Channel, Clock, OutboxRow, Store

log = logging.getLogger("careline.core")

MAX_TRIES = 50
"""After so many tries, which take some hours, a row is given up as refused."""
_PATIENT_TRIES = 10
_LONGEST_WAIT = timedelta(minutes=5)
_SETTLE_TRIES = 60
_SETTLE_WAIT_S = 0.5
_SEND_S = 30.0
_FRESH = timedelta(seconds=1)
"""How long a mark stands for the check that came with it; frozen in between, it is made anew."""


class Delivery:
    """Sends what waits in the outbox; what is shown from our own database never does."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Mapping[str, Channel],
        delivered: Delivered = uncounted,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._delivered = delivered

    async def deliver(self, room: str) -> int:
        """Send every due row of a room; how many were settled."""
        settled = 0
        while True:
            marked_at = self._clock.now()
            row = await self._next(room)
            if row is None:
                return settled
            try:
                if self._clock.now() - marked_at > _FRESH:
                    continue  # the holder may have changed since: claimed again, checked again
                if not await self._send(row):
                    return settled
            finally:
                self._store.idle(row.id)
            waited = self._clock.now() - row.added_at
            self._delivered(row.outbound.address.channel, waited.total_seconds())
            settled += 1

    async def _next(self, room: str) -> OutboxRow | None:
        """Mark the next row to send, if there is one."""
        async with self._store.transaction() as transaction:
            return await transaction.outbox.claim(room, self._clock.now())

    async def _send(self, row: OutboxRow) -> bool:
        """Send one marked row; False when the room has to wait."""
        name = row.outbound.address.channel
        channel = self._channels.get(name)
        try:
            if channel is None:
                raise Refused("no such channel is set up")  # noqa: TRY301  one way to refuse
            async with asyncio.timeout(_SEND_S):
                receipt = await channel.send(row.outbound)
        except TryLater as exc:
            return await self._postpone(row, exc.after)
        except TimeoutError:  # it may have arrived: sent again, it is the platform's key that tells
            log.warning("send_timed_out", extra={"channel": name, "trace": row.outbound.trace})
            return await self._postpone(row, timedelta(seconds=_SEND_S))
        except Refused as exc:
            await self._refuse(row, exc.reason)
            return True
        except Unavailable:
            raise
        except Exception as exc:  # a mistake of ours must not block the room for ever
            log.exception("send_failed", extra={"channel": name, "error": type(exc).__name__})
            return await self._postpone(row, timedelta(seconds=1))
        await self._settle(row, receipt)
        return True

    async def _postpone(self, row: OutboxRow, after: timedelta) -> bool:
        if row.tries >= MAX_TRIES:
            await self._refuse(row, "given up after many tries")
            return True
        doubled = timedelta(seconds=2 ** max(0, min(row.tries - _PATIENT_TRIES, 10)))
        wait = after if row.tries <= _PATIENT_TRIES else max(after, min(doubled, _LONGEST_WAIT))
        async with self._store.transaction() as transaction:
            await transaction.outbox.postpone(row.id, self._clock.now() + wait)
        return False

    async def _refuse(self, row: OutboxRow, reason: str) -> None:
        """Give a row up; staff read in the transcript what did not arrive."""
        note = _not_delivered(row, reason, self._clock.now())
        async with self._store.transaction() as transaction:
            await transaction.outbox.settle(row.id, "refused")
            await transaction.transcript.add(row.conversation, (note,))

    async def _settle(self, row: OutboxRow, receipt: Receipt) -> None:
        """What was sent must be known as sent: a database that is away is awaited."""
        for attempt in range(_SETTLE_TRIES):
            try:
                async with self._store.transaction() as transaction:
                    await transaction.outbox.settle(row.id, "sent", receipt=receipt)
            except Unavailable:
                if attempt + 1 == _SETTLE_TRIES:
                    raise
                await asyncio.sleep(_SETTLE_WAIT_S)
            else:
                return


def _not_delivered(row: OutboxRow, reason: str, at: datetime) -> Entry:
    where = f"{row.outbound.address.channel}, {reason}"
    words = say("not_delivered", "en", reason=where, text=row.outbound.text())
    return Entry(
        key=f"refused:{row.outbound.key}",
        kind="note",
        author="system",
        parts=(Text(text=words.strip()),),
        at=at,
    )
