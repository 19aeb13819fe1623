"""Taking an event in: stored and its work started in one commit, before anybody is answered."""

from bot.domain.message import Inbound
from bot.domain.ports import Job, Store, Transaction


async def accept(transaction: Transaction, event: Inbound) -> bool:
    """Keep one event; False when it was known already (then nothing is started)."""
    fresh = await transaction.events.add(event)
    if fresh:
        await transaction.later(Job(kind="handle", room=transaction.room(event.address)))
    return fresh


async def accept_all(store: Store, events: tuple[Inbound, ...]) -> int:
    """Keep the events of one webhook call in one commit; how many were new."""
    async with store.transaction() as transaction:
        return sum([await accept(transaction, event) for event in events])
