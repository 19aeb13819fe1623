"""Sending what was committed: in order per room, holder and version checked at each mark."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.core import threads
from bot.core.commit import Commit, Delivered, uncounted
from bot.core.failed_ping import nothing_to_wait_for
from bot.core.pings import CALLOUT, is_ping
from bot.core.reach import Reach
from bot.core.window import Title
from bot.core.words import minutes
from bot.domain.consent import Consent
from bot.domain.errors import OptedOut, Refused, TryLater, Unavailable
from bot.domain.message import HandoffCard, Mark, Receipt
from bot.domain.ports import Abilities, Channel, Clock, OutboxRow, Store, Transaction

NOT_SET_UP = "no such channel is set up"
GIVEN_UP = "given up after many tries"
log = logging.getLogger("careline.core")

MAX_TRIES = 50
"""After so many tries, which take some hours, a row is given up as refused."""
_PATIENT_TRIES = 10
_LONGEST_WAIT = timedelta(minutes=5)
_LATE = timedelta(minutes=2)
"""Staff whose words have been waiting so long are told."""
_SETTLE_TRIES = 60
_SETTLE_WAIT_S = 0.5
_SEND_S = 30.0
_FRESH = timedelta(seconds=1)
"""How long a mark stands for the check that came with it; frozen in between, it is made anew."""


Charged: TypeAlias = Callable[[str, int], None]
"""Told the channel, and how many messages its network makes of one."""


def uncharged(_channel: str, _segments: int) -> None:
    """Nobody counts what networks charge."""


class Delivery:
    """Sends what waits in the outbox; what is shown from our own database never does."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Mapping[str, Channel],
        delivered: Delivered = uncounted,
        charged: Charged = uncharged,
        title: Title = str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._delivered = delivered
        self._charged = charged
        self._commit = Commit(channels, delivered)
        self._reach = Reach(store, clock, self._commit, channels, title)

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
        if is_ping(row.outbound) and await self._called_in_vain(row):
            return True
        try:
            receipt = await self._try(row)
        except TryLater as exc:
            return await self._postpone(row, exc.after)
        except TimeoutError:  # it may have arrived: sent again, it is the platform's key that tells
            log.warning("send_timed_out", extra={"channel": name, "trace": row.outbound.trace})
            return await self._postpone(row, timedelta(seconds=_SEND_S))
        except Refused as exc:
            await self._refuse(row, exc)
            return True
        except Unavailable:
            raise
        except Exception as exc:  # a mistake of ours must not block the room for ever
            log.exception("send_failed", extra={"channel": name, "error": type(exc).__name__})
            return await self._postpone(row, timedelta(seconds=1))
        if receipt is not None:
            await self._settle(row, receipt)
            self._charged(name, receipt.segments)
        return receipt is not None

    async def _try(self, row: OutboxRow) -> Receipt | None:
        """None where its reader must write first."""
        channel = self._channels.get(row.outbound.address.channel)
        if not await self._reach.allows(row):
            return None
        if channel is None:
            raise Refused(NOT_SET_UP)
        async with asyncio.timeout(_SEND_S):
            return await channel.send(row.outbound)

    async def _called_in_vain(self, row: OutboxRow) -> bool:
        """Drop a call that had to wait, once somebody has come or nobody is wanted any more."""
        async with self._store.transaction() as transaction:
            held = await transaction.conversations.get(row.conversation)
            if held is not None and held.version == row.outbound.holder_version:
                return False
            await transaction.outbox.settle(row.id, "dropped")
        return True

    async def _postpone(self, row: OutboxRow, after: timedelta) -> bool:
        if row.tries >= MAX_TRIES:
            await self._refuse(row, Refused(GIVEN_UP))
            return True
        doubled = timedelta(seconds=2 ** max(0, min(row.tries - _PATIENT_TRIES, 10)))
        wait = after if row.tries <= _PATIENT_TRIES else max(after, min(doubled, _LONGEST_WAIT))
        now = self._clock.now()
        async with self._store.transaction() as transaction:
            await transaction.outbox.postpone(row.id, now + wait)
            if row.outbound.author == "staff" and now - row.added_at >= _LATE:
                await self._tell_late(transaction, row, now - row.added_at)
        return False

    async def _tell_late(self, transaction: Transaction, row: OutboxRow, waited: timedelta) -> None:
        held = await transaction.conversations.get(row.conversation)
        if held is not None:
            told = threads.late(held, row.outbound, minutes(waited.total_seconds()))
            await self._commit.post(transaction, held.id, told)

    async def _refuse(self, row: OutboxRow, why: Refused) -> None:
        """Give a row up; staff read what did not arrive, and a call that failed is passed on."""
        now, reason, remedy = self._clock.now(), why.reason, why.remedy
        note = threads.not_delivered(row.outbound, reason, remedy, now)
        async with self._store.transaction() as transaction:
            if is_ping(row.outbound):
                held = await transaction.conversations.get(row.conversation, lock=True)
                for timer in nothing_to_wait_for(held, row.outbound, now):
                    await transaction.timers.set(timer)
            await transaction.outbox.settle(row.id, "refused")
            if isinstance(why, OptedOut):
                await transaction.consents.put(_mirrored(row, now))
            if any(isinstance(part, Mark) for part in row.outbound.parts):
                return  # it arrived, and nobody could be shown that
            if row.outbound.replaces is not None and row.outbound.address.channel == CALLOUT:
                return  # news of a call have no words that anybody misses
            await transaction.transcript.add(row.conversation, (note,))
            held = await transaction.conversations.get(row.conversation)
            if held is not None:
                told = threads.refused(held, row.outbound, reason, remedy)
                await self._commit.post(transaction, held.id, told)

    async def _settle(self, row: OutboxRow, receipt: Receipt) -> None:
        """What was sent must be known as sent: a database that is away is awaited."""
        for attempt in range(_SETTLE_TRIES):
            try:
                async with self._store.transaction() as transaction:
                    await self._sent(transaction, row, receipt)
            except Unavailable:
                if attempt + 1 == _SETTLE_TRIES:
                    raise
                await asyncio.sleep(_SETTLE_WAIT_S)
            else:
                return

    async def _sent(self, transaction: Transaction, row: OutboxRow, receipt: Receipt) -> None:
        """Keep the receipt; a card begins its thread with it, words passed on are marked."""
        outbound = row.outbound
        channel = self._channels[outbound.address.channel]
        if channel.abilities.threads and any(isinstance(p, HandoffCard) for p in outbound.parts):
            await self._begin_thread(transaction, row, receipt, channel.abilities)
        await transaction.outbox.settle(row.id, "sent", receipt=receipt)
        await self._commit.post(transaction, row.conversation, threads.delivered(outbound))

    async def _begin_thread(
        self, transaction: Transaction, row: OutboxRow, receipt: Receipt, can: Abilities
    ) -> None:
        held = await transaction.conversations.get(row.conversation, lock=True)
        if held is None or held.handoff is None:
            return
        since = held.handoff.opened_at - timedelta(microseconds=1)
        said = await transaction.transcript.read(held.id, after=since)
        begun = threads.begin(held, row.outbound, receipt, said, can)
        if begun is not None:
            await self._commit.store(transaction, begun, now=self._clock.now())


def _mirrored(row: OutboxRow, now: datetime) -> Consent:
    """The opt-out that a platform knew of before us."""
    place = row.outbound.address
    return Consent(
        channel=place.channel,
        handle=place.room,
        stopped=True,
        source="refused",
        at=now,
        key=f"refused:{row.outbound.key}",
    )
