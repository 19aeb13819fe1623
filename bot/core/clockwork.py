"""Timers that are due: each re-reads the truth and does nothing if that has moved on."""

import logging
from dataclasses import replace
from datetime import timedelta

from bot.core import csat
from bot.core.commit import Commit
from bot.core.escalation import next_rung
from bot.core.ladder import Climb
from bot.core.lines import Lines
from bot.core.outcomes import fallen_silent, over
from bot.core.quiet import still_quiet
from bot.core.speech import Speaker
from bot.domain.conversation import Conversation, Outcome, Timer
from bot.domain.errors import Conflict, Unavailable
from bot.domain.ports import Clock, Store, Transaction

log = logging.getLogger("careline.core")

AGAIN = timedelta(minutes=1)
"""When a timer that failed is tried again."""
WHOLE = 1000
"""Lines of a transcript that tell how a conversation ended; the last ones."""


class Clockwork:
    """Moves due timers into outcomes, one a transaction."""

    def __init__(
        self, store: Store, commit: Commit, clock: Clock, lines: Lines, climb: Climb
    ) -> None:
        self._store = store
        self._commit = commit
        self._clock = clock
        self._lines = lines
        self._climb = climb

    async def tick(self) -> int:
        """Fire everything that is due; how many timers there were."""
        fired = 0
        while await self._next():
            fired += 1
        return fired

    async def _next(self) -> bool:
        """Fire the timer that has been due longest; False when none is."""
        timer = None
        try:
            async with self._store.transaction() as transaction:
                for timer in await transaction.timers.take_due(self._clock.now(), limit=1):
                    await self._fire(transaction, timer)
        except (Conflict, Unavailable):
            raise
        except Exception as exc:  # one bad timer must not hold up all the others
            if timer is None:
                raise
            log.warning("timer_failed", extra={"kind": timer.kind, "error": type(exc).__name__})
            await self._put_off(timer)
        return timer is not None

    async def _fire(self, transaction: Transaction, timer: Timer) -> None:
        held = await transaction.conversations.get(timer.conversation, lock=True)
        if held is not None and timer.kind in ("silence", "reopen_closes", "survey"):
            if (outcome := await self._close(transaction, held, timer)) is not None:
                changed = outcome.conversation != held
                now = self._clock.now()
                await self._commit.store(transaction, outcome, now=now, changed=changed)
            return
        if held is None or held.version != timer.version:
            return
        outcome = self._decide(held, timer)
        if outcome is not None:
            await self._commit.store(transaction, outcome, now=self._clock.now())

    def _decide(self, held: Conversation, timer: Timer) -> Outcome | None:
        """What a timer makes of a conversation that nobody has moved since; None for nothing."""
        now, line = self._clock.now(), self._lines.find(held.line)
        if timer.kind == "reminder" and held.holder == "human":
            claimer = self._climb.claimer(held.handoff) if held.handoff else None
            return still_quiet(held, line, timer, now, claimer=claimer)
        if timer.kind != "rung" or held.holder != "waiting":
            return None
        if held.handoff is not None and held.handoff.fallback is not None:
            return self._climb(held, line, timer, now)
        rung = held.handoff.rung if held.handoff else 0
        cause = f"timer:{held.id}:{held.version}:{rung}"
        return next_rung(held, line, now, Speaker(held, cause=cause, trace=held.id))

    async def _close(
        self, transaction: Transaction, held: Conversation, timer: Timer
    ) -> Outcome | None:
        """What the timers of a close make of a conversation; None where they came too late."""
        now = self._clock.now()
        if timer.kind == "silence":
            return fallen_silent(held, self._lines.find(held.line), now)
        if timer.kind == "survey":
            return csat.expired(held, timer)
        said = await transaction.transcript.read(held.id, limit=WHOLE)
        return over(held, self._lines.find(held.line), timer, said, now)

    async def _put_off(self, timer: Timer) -> None:
        """Look again later, without reading the conversation: that may be what fails.

        Taken and set in one commit: a newer timer that has come in its place stays as it is.
        """
        async with self._store.transaction() as transaction:
            for due in await transaction.timers.take_due(self._clock.now(), limit=1):
                later = replace(due, due_at=self._clock.now() + AGAIN) if due == timer else due
                await transaction.timers.set(later)
