"""The one place that stores what was decided, with the work that follows from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from bot.core.fitting import fit
from bot.core.speech import spoken
from bot.core.threads import delivered
from bot.domain.conversation import Compose, Conversation, Entry, Outcome
from bot.domain.message import Address, Outbound
from bot.domain.ports import Abilities, Channel, Job, PlainTurn, Store, Transaction, WritesInside

Delivered: TypeAlias = Callable[[str, float], None]
"""Told the channel and the seconds since its commit of each message that is delivered."""


def uncounted(_channel: str, _seconds: float) -> None:
    """Nobody counts deliveries."""


@dataclass(frozen=True, slots=True)
class Commit:
    """Stores outcomes. What a channel shows from our own database is delivered on the way."""

    channels: Mapping[str, Channel]
    delivered: Delivered = uncounted

    async def store(
        self,
        transaction: Transaction,
        outcome: Outcome,
        *,
        now: datetime,
        heard: Sequence[Entry] = (),
        changed: bool = True,
    ) -> None:
        """Store the conversation, transcript, messages to send, timers and jobs of an outcome.

        `heard` are the transcript lines that come before what is said. `changed` is False when the
        conversation is as it was read: it is written all the same where the bot speaks, because
        that shows that nobody has moved it meanwhile. Raises `Conflict`.
        """
        outcome = await _consented(transaction, outcome)
        conversation, lines = outcome.conversation, _lines(outcome, heard, now)
        if changed or any(row.author == "bot" for row in outcome.say):
            await _save(transaction, conversation, lines)
        else:
            await transaction.transcript.add(conversation.id, lines)
        await self.post(transaction, conversation.id, outcome.say)
        for result in outcome.results:
            await transaction.results.keep(result)
        for later in outcome.later:
            if isinstance(later, Compose):
                await transaction.composing.add(later)
                await transaction.later(Job(kind="compose", room=conversation.id, ref=later.id))
            else:
                await transaction.timers.set(later)

    async def finish(
        self,
        store: Store,
        event: int,
        outcome: Outcome,
        *,
        now: datetime,
        heard: Sequence[Entry] = (),
    ) -> bool | None:
        """End a turn that only talks in one trip; None, and nothing done, for any other.

        Whether the room has another event. Raises `Conflict`.
        """
        conversation = outcome.conversation
        channel = self.channels.get(conversation.address.channel)
        talks = bool(outcome.say) and not outcome.later and not outcome.results
        at_home = all(row.address == conversation.address for row in outcome.say)
        plain = conversation.revision > 0 and conversation.handoff is None
        if not (talks and at_home and plain and isinstance(channel, WritesInside)):
            return None
        turn = PlainTurn(
            event=event,
            conversation=conversation,
            said=_lines(outcome, heard, now),
            shown=[channel.as_shown(row) for row in outcome.say],
        )
        more = await store.finish(turn)
        for _ in turn.shown:
            self.delivered(channel.name, 0.0)
        return more

    async def post(
        self, transaction: Transaction, conversation: str, rows: Sequence[Outbound]
    ) -> None:
        """Write what can be written inside; the rest is sent once this has committed."""
        outside: list[Outbound] = []
        for row in rows:
            channel = self.channels.get(row.address.channel)
            if isinstance(channel, WritesInside):
                shown = channel.as_shown(row)
                await transaction.feed.add(row.address, shown.key, shown.body)
                self.delivered(channel.name, 0.0)
                outside += self._fitting(delivered(row))
            else:
                outside += self._fitting((row,))
        await transaction.outbox.add(conversation, outside)
        for address in dict.fromkeys(row.address for row in outside):
            await transaction.later(Job(kind="deliver", room=transaction.room(address)))

    async def heard_again(self, transaction: Transaction, address: Address) -> None:
        """The customer has written: what waited for that goes out."""
        channel = self.channels.get(address.channel)
        if channel is None or channel.abilities.window is None:
            return
        room = transaction.room(address)
        if await transaction.outbox.wake(room):
            await transaction.later(Job(kind="deliver", room=room))

    def abilities(self, address: Address) -> Abilities:
        """What the channel of an address can do."""
        channel = self.channels.get(address.channel)
        return Abilities() if channel is None else channel.abilities

    def _fitting(self, rows: Sequence[Outbound]) -> list[Outbound]:
        """As the channels of some rows can take them; one that is not there refuses later."""
        fitted: list[Outbound] = []
        for row in rows:
            channel = self.channels.get(row.address.channel)
            fitted += [row] if channel is None else fit(row, channel.abilities)
        return fitted


async def _consented(transaction: Transaction, outcome: Outcome) -> Outcome:
    """Keep what was said of being written to; nobody is told twice what is so already."""
    if outcome.consent is None or await transaction.consents.put(outcome.consent):
        return outcome
    return replace(outcome, say=tuple(row for row in outcome.say if not row.required))


def _lines(outcome: Outcome, heard: Sequence[Entry], now: datetime) -> tuple[Entry, ...]:
    """The transcript lines of an outcome."""
    home = outcome.conversation.address
    said = [spoken(row, now) for row in outcome.say if row.address == home]
    return (*heard, *said, *outcome.notes)


async def _save(
    transaction: Transaction, conversation: Conversation, lines: Sequence[Entry]
) -> None:
    """Store a conversation; a new one has revision 0, a stored one never has."""
    if conversation.revision == 0:
        await transaction.conversations.add(replace(conversation, revision=1))
        await transaction.transcript.add(conversation.id, lines)
    else:
        await transaction.conversations.save(conversation, lines)
