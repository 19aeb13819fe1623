"""A house with two ends: a customer's channel, and a staff room with threads on another."""

from dataclasses import replace
from typing import Any

from bot.core.commit import Commit
from bot.core.speech import Speaker
from bot.domain.contact import Person
from bot.domain.conversation import Entry, Outcome
from bot.domain.message import Address, HandoffCard, Inbound, Origin, Outbound, Text
from bot.domain.ports import Abilities
from tests.fakes.channel import PLAIN, FakeChannel
from tests.unit.core.house import ADA, BEN, EVE, House, line

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

    def dying(self, store: Any) -> "TwoEnds":
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


async def staffed(**how) -> TwoEnds:
    """A customer who has asked for a person, and staff who are known in the room."""
    house = TwoEnds(**how)
    for person in (ADA, BEN, EVE):
        await house.staff.put(at_team(person))
    await house.say("a human please")
    return house


def at_team(person: Person) -> Person:
    return replace(person, addresses=(Address(channel="team", account="T1", room=person.id),))


async def claimed(**how) -> TwoEnds:
    house = await staffed(**how)
    await pressed(house, "claim")
    return house


async def write(house: TwoEnds, text: str, *, by: str = "ada", **how) -> Inbound:
    return await house.say(text, room=house.thread, sender=by, **how)


async def pressed(house: TwoEnds, act: str, *, by: str = "ada") -> Inbound:
    return await house.press(f"{act}:{house.handoff}", room=house.thread, sender=by)


async def edit(house: TwoEnds, of: Inbound, text: str, *, by: str = "ada") -> None:
    parts = (Text(text=text),)
    await house.event(*parts, kind="edited", changes=of.key, room=house.thread, sender=by)
    await house.run()


async def delete(house: TwoEnds, of: Inbound, *, by: str = "ada") -> None:
    await house.event(kind="deleted", changes=of.key, room=house.thread, sender=by)
    await house.run()


def hints(house: TwoEnds, who: str = "ada") -> list[str]:
    return [row.text() for row in house.privately(who)]


def notes(house: TwoEnds) -> list[Entry]:
    return [e for e in house.transcript() if e.kind == "note"]
