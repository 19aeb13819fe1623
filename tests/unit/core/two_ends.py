"""A house with two ends: a customer's channel, and a staff room with threads on another."""

from dataclasses import replace
from typing import Any

from bot.core.commit import Commit
from bot.core.speech import Speaker
from bot.domain.conversation import Outcome
from bot.domain.message import Address, HandoffCard, Origin, Outbound, Text
from bot.domain.ports import Abilities
from tests.fakes.channel import PLAIN, FakeChannel
from tests.unit.core.house import CrashingStore, House, line

DESK = Address(channel="team", account="T1", room="C1")
THREADED = Abilities(
    buttons=True,
    threads=True,
    media=True,
    edits=True,
    private=True,
    marks=True,
    typing=True,
    idempotent=True,
    max_text=40_000,
)
BARE = Abilities(threads=True, max_text=40_000)


class TwoEnds(House):
    """`team` is the staff's channel, `thread` the one of the present hand-off."""

    def __init__(
        self, *, staff: Abilities = THREADED, customer: Abilities = PLAIN, **more: Any
    ) -> None:
        self.team = FakeChannel("team", staff)
        ends = (FakeChannel(abilities=customer), self.team)
        super().__init__(line(staff_room=DESK), channels=ends, **more)

    def dying(self, store: CrashingStore) -> "TwoEnds":
        """Another process with the same outside, whose store dies."""
        twin = TwoEnds(store=store, truth=self.truth)
        twin.channel, twin.team, twin.staff = self.channel, self.team, self.staff
        twin.channels.update(fake=self.channel, team=self.team)
        twin.commits(Commit(twin.channels))
        return twin

    @property
    def thread(self) -> Address:
        handoff = self.conversation().handoff
        assert handoff is not None
        assert handoff.staff_thread is not None
        return handoff.staff_thread

    def in_thread(self) -> list[str]:
        """What everybody in the thread reads, in order."""
        rows = [row for row in self.team.shown if row.address == self.thread and not row.only_for]
        return [row.text() for row in rows if row.text()]

    def privately(self, who: str) -> list[Outbound]:
        return [row for row in self.team.shown if row.only_for == who]

    def cards(self) -> list[tuple[Outbound, HandoffCard]]:
        rows = [(row, part) for row in self.team.shown for part in row.parts]
        return [(row, part) for row, part in rows if isinstance(part, HandoffCard)]

    async def pass_on(self, words: str, origin: Origin) -> None:
        """Ada's words to the customer, as the relay commits them."""
        held = self.conversation()
        speak = Speaker(held, cause=f"relay:{held.id}:ada:{words}", trace="t")
        row = replace(speak.parts(Text(text=words), author="staff"), origin=origin)
        async with self.store.transaction() as transaction:
            outcome = Outcome(conversation=held, say=(row,))
            await Commit(self.channels).store(transaction, outcome, now=self.clock.now())
        await self.run()


def without(abilities: Abilities, **changes: Any) -> Abilities:
    return replace(abilities, **changes)
