"""Whether a marked message may go out now: by its reader's wish, and by their platform's clock."""

from collections.abc import Mapping

from bot.core import window
from bot.core.commit import Commit
from bot.domain.errors import Refused
from bot.domain.ports import Channel, Clock, OutboxRow, Store, Transaction

OPTED_OUT = "they asked that nothing more be sent to them"
NOT_BEFORE = "Only they can take that back, by writing START."


class Reach:
    """Looked at before each send to channels that have such limits; elsewhere it costs nothing."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        commit: Commit,
        channels: Mapping[str, Channel],
        title: window.Title,
    ) -> None:
        self._store = store
        self._clock = clock
        self._commit = commit
        self._channels = channels
        self._title = title

    async def allows(self, row: OutboxRow) -> bool:
        """False: it has been put off until its reader writes. Raises `Refused` and `TryLater`."""
        place = row.outbound.address
        channel = self._channels.get(place.channel)
        if channel is None or not (channel.abilities.opt_out or channel.abilities.window):
            return True
        now, can = self._clock.now(), channel.abilities
        async with self._store.transaction() as transaction:
            if can.opt_out and not row.outbound.required:
                await _refuse_opted_out(transaction, row)
            held = await transaction.conversations.at(place)
            if held is None or not window.is_over(held, can, now):
                return True
            asked = window.question(row, held, self._title(held.line))
            if now - row.added_at >= window.HELD:
                raise Refused(window.NEVER_CAME, remedy=window.REMEDY)
            again = await window.was_asked(transaction, held)
        if not again:
            await channel.send(asked)
        async with self._store.transaction() as transaction:
            told = await window.wait(transaction, row, held, None if again else asked, now)
            await self._commit.post(transaction, held.id, told)
        return False


async def _refuse_opted_out(transaction: Transaction, row: OutboxRow) -> None:
    place = row.outbound.address
    if await transaction.consents.stopped(place.channel, place.room):
        raise Refused(OPTED_OUT, remedy=NOT_BEFORE)
