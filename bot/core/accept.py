"""Taking an event in: stored and its work started in one commit, before anybody is answered."""

from collections.abc import Callable
from typing import TypeAlias

from bot.core.lines import Lines
from bot.domain.message import Inbound
from bot.domain.ports import Job, Reader, Store, Transaction

Foresee: TypeAlias = Callable[[Inbound], None]
"""Told an event that is about to be kept, so that who reads it can begin meanwhile."""


def unforeseen(_event: Inbound) -> None:
    """This process only keeps events; another one works on them."""


def reading_ahead(reader: Reader, lines: Lines) -> Foresee:
    """Has the words of customers' messages read while their commit is under way."""

    def foresee(event: Inbound) -> None:
        if event.kind == "message" and not lines.is_staffs(event.address):
            reader.ahead(event.text())

    return foresee


async def accept(transaction: Transaction, event: Inbound) -> bool:
    """Keep one event; False when it was known already (then nothing is started)."""
    fresh = await transaction.events.add(event)
    if fresh:
        await transaction.later(Job(kind="handle", room=transaction.room(event.address)))
    return fresh


async def accept_all(store: Store, events: tuple[Inbound, ...]) -> int:
    """Keep the events of one webhook call in one commit; how many were new."""
    if len(events) == 1:
        return int(await store.take(events[0]))  # one trip, where a transaction is five
    async with store.transaction() as transaction:
        return sum([await accept(transaction, event) for event in events])
