"""Sending what was committed: in order per room, holder and version checked at each mark."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.core.words import say
from bot.domain.conversation import Entry
from bot.domain.errors import Conflict, Refused, TryLater, Unavailable
from bot.domain.message import Receipt, Text
from bot.domain.ports import Channel, Clock, OutboxRow, Store, WritesInside

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

Delivered: TypeAlias = Callable[[str, float], None]
"""Told the channel and the seconds since the commit of each message that is settled."""


class Delivery:
    """The only place that sends."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Mapping[str, Channel],
        delivered: Delivered = lambda _channel, _seconds: None,
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
            row, written = await self._next(room)
            for one in written:
                self._over(one)
            settled += len(written)
            if row is None:
                return settled
            try:
                if self._clock.now() - marked_at > _FRESH:
                    continue  # the holder may have changed since: claimed again, checked again
                if not await self._send(row):
                    return settled
            finally:
                self._store.idle(row.id)
            self._over(row)
            settled += 1

    def _over(self, row: OutboxRow) -> None:
        """One row is settled: the process is free of it, and its wait is counted."""
        self._store.idle(row.id)
        waited = self._clock.now() - row.added_at
        self._delivered(row.outbound.address.channel, waited.total_seconds())

    async def _next(self, room: str) -> tuple[OutboxRow | None, list[OutboxRow]]:
        """Mark the next row to send, if there is one.

        Rows of a channel that writes inside are sent on the way, all in the same commit.
        """
        written: list[OutboxRow] = []
        try:
            async with self._store.transaction() as transaction:
                while (row := await transaction.outbox.claim(room, self._clock.now())) is not None:
                    channel = self._channels.get(row.outbound.address.channel)
                    if not isinstance(channel, WritesInside):
                        return row, written
                    receipt = await channel.write(transaction, row.outbound)
                    await transaction.outbox.settle(row.id, "sent", receipt=receipt)
                    written.append(row)
                return None, written
        except (Conflict, Unavailable):
            raise
        except Exception as exc:  # noqa: BLE001  what cannot be written is sent, where failing counts
            log.warning("write_failed", extra={"room": room, "error": type(exc).__name__})
        async with self._store.transaction() as transaction:
            return await transaction.outbox.claim(room, self._clock.now()), []

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
