"""Timers that are due: each re-reads the truth and does nothing if that has moved on."""

from bot.core.commit import store_outcome
from bot.core.escalation import next_rung
from bot.core.lines import Lines
from bot.core.speech import Speaker
from bot.domain.conversation import Timer
from bot.domain.ports import Clock, Store, Transaction

BATCH = 1
"""Timers a transaction takes: one, so that a failing one does not hold up the others."""


class Clockwork:
    """Moves due timers into outcomes."""

    def __init__(self, store: Store, clock: Clock, lines: Lines) -> None:
        self._store = store
        self._clock = clock
        self._lines = lines

    async def tick(self) -> int:
        """Fire everything that is due; how many timers there were."""
        fired = 0
        while True:
            async with self._store.transaction() as transaction:
                due = await transaction.timers.take_due(self._clock.now(), limit=BATCH)
                for timer in due:
                    await self._fire(transaction, timer)
            if not due:
                return fired
            fired += len(due)

    async def _fire(self, transaction: Transaction, timer: Timer) -> None:
        held = await transaction.conversations.get(timer.conversation, lock=True)
        if held is None or held.version != timer.version or held.holder != "waiting":
            return
        now = self._clock.now()
        rung = held.handoff.rung if held.handoff else 0
        cause = f"timer:{held.id}:{held.version}:{rung}"
        speak = Speaker(held, cause=cause, trace=held.id)
        outcome = next_rung(held, self._lines.named(held.line), now, speak)
        await store_outcome(transaction, outcome, now=now)
