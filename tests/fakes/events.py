"""Events and what was said, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.conversation import Entry
from bot.domain.errors import Conflict
from bot.domain.message import Inbound
from bot.domain.ports import StoredEvent
from tests.fakes.world import FakeEvent, World, room_of


class FakeEvents:
    def __init__(self, world: World) -> None:
        self._world = world
        self._rows = world.events

    async def add(self, event: Inbound, *, done: bool = False) -> bool:
        if event.key in self._rows:
            return False
        new = FakeEvent(id=len(self._rows) + 1, event=event, room=room_of(event.address))
        self._rows[event.key] = replace(new, state="done") if done else new
        return True

    async def next(self, room: str, *, recall: int = 0) -> StoredEvent | None:
        for row in self._rows.values():
            if row.room == room and row.state == "undone":
                known = self._world.conversations.get(self._world.current.get(room, ""))
                said: Sequence[Entry] = ()
                if known is not None and recall:
                    said = await FakeTranscript(self._world).read(known.id, limit=recall)
                    said = [e for e in said if known.boundary is None or e.at > known.boundary]
                return StoredEvent(
                    id=row.id, event=row.event, tries=row.tries, known=known, history=said
                )
        return None

    async def burst(self, room: str) -> tuple[StoredEvent, ...]:
        undone = [r for r in self._rows.values() if r.room == room and r.state == "undone"]
        return tuple(StoredEvent(id=r.id, event=r.event, tries=r.tries) for r in undone)

    async def done(self, event_id: int) -> bool:
        row = self._undone(event_id)
        if row is None:
            raise Conflict("the event was done already")
        self._rows[row.event.key] = replace(row, state="done")
        return await self.next(row.room) is not None

    async def failed(self, event_id: int, error: str, *, park: bool) -> None:
        row = self._undone(event_id)
        if row is None:
            raise Conflict("the event was done already")
        state = "parked" if park else "undone"
        failed = replace(row, tries=row.tries + 1, error=error, state=state)
        self._rows[row.event.key] = failed

    def _undone(self, event_id: int) -> FakeEvent | None:
        rows = (r for r in self._rows.values() if r.id == event_id and r.state == "undone")
        return next(rows, None)


class FakeTranscript:
    def __init__(self, world: World) -> None:
        self._world = world

    async def add(self, conversation: str, entries: Sequence[Entry]) -> None:
        if entries:
            self._world.require(conversation)
        for entry in entries:
            if entry.key not in self._world.entries:
                numbered = replace(entry, seq=len(self._world.entries) + 1)
                self._world.entries[entry.key] = (conversation, numbered)

    async def read(
        self, conversation: str, *, after: datetime | None = None, limit: int = 200
    ) -> tuple[Entry, ...]:
        said = [
            entry
            for owner, entry in self._world.entries.values()
            if owner == conversation
            and (after is None or entry.at > after)
            and entry.key not in self._world.withdrawn
        ]
        return tuple(said[max(0, len(said) - limit) :])
