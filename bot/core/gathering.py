"""One thought in several messages: read as one, once its writer has paused."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.commit import Commit
from bot.domain.ports import Clock, Job, Store, StoredEvent, Transaction

_MOST_PAUSES = 4
"""After so many pauses the first message is answered, however much more is being said."""


_SHOWING_S = 2.0


class Gathering:
    """Waits with the answer where a channel's people write in bits, and shows them that it does."""

    def __init__(self, store: Store, commit: Commit, clock: Clock) -> None:
        self._store = store
        self._commit = commit
        self._clock = clock

    async def whole(
        self, transaction: Transaction, stored: StoredEvent, room: str
    ) -> StoredEvent | datetime | None:
        """The event with what belongs to it, or when to look again while more may come.

        None where somebody else has just worked on it.
        """
        pause = self._pause(stored)
        if pause is None:
            return stored
        burst = gathered(await transaction.events.burst(room), pause)
        if not burst or burst[0].id != stored.id:
            return None
        at = due(burst, pause)
        return as_one(stored, burst) if at <= self._clock.now() else at

    async def wait(self, stored: StoredEvent, room: str, until: datetime) -> None:
        """Look at a room again later; meanwhile its customer sees that they were heard."""
        async with self._store.transaction() as transaction:
            await transaction.later(Job(kind="handle", room=room, due_at=until))
        channel = self._commit.channels[stored.event.address.channel]
        with suppress(TimeoutError):
            async with asyncio.timeout(_SHOWING_S):
                await channel.progress(stored.event.address, "thinking")

    def _pause(self, stored: StoredEvent) -> timedelta | None:
        """How long the writer of a message may go on typing, where the bot is to answer it."""
        if stored.event.kind != "message":
            return None
        if stored.known is not None and stored.known.holder in ("waiting", "human"):
            return None
        return self._commit.abilities(stored.event.address).gathers


def gathered(burst: Sequence[StoredEvent], pause: timedelta) -> Sequence[StoredEvent]:
    """What belongs to the first event: messages of the same person, none long after the other."""
    kept = list(burst[:1])
    for one in burst[1:]:
        event, before = one.event, kept[-1].event
        same = event.kind == "message" and event.sender.handle == before.sender.handle
        if not same or abs(event.sent_at - before.sent_at) > pause * _MOST_PAUSES:
            break
        kept.append(one)
    return kept


def due(burst: Sequence[StoredEvent], pause: timedelta) -> datetime:
    """When it is time to answer."""
    sent = [one.event.sent_at for one in burst]
    return min(sent[-1] + pause, sent[0] + pause * _MOST_PAUSES)


def as_one(stored: StoredEvent, burst: Sequence[StoredEvent]) -> StoredEvent:
    """The first event with the words of all; it is known by the key of the last."""
    parts = tuple(part for one in burst for part in one.event.parts)
    event = replace(burst[-1].event, parts=parts, sent_at=stored.event.sent_at)
    return replace(stored, event=event, also=tuple(one.id for one in burst[1:]))
