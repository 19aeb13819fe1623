"""A short transaction that decides on what is true now, and again where it lost a race."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.domain.contact import Person
from bot.domain.conversation import Conversation
from bot.domain.errors import Conflict, TransitionRefused
from bot.domain.ports import Store, Transaction

T = TypeVar("T")
_TRIES = 3


async def decide(store: Store, press: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a press in a transaction. Raises `Conflict` when it lost every race."""
    left = _TRIES
    while True:
        left -= 1
        try:
            async with store.transaction() as transaction:
                return await press(transaction)
        except Conflict:
            if not left:
                raise


async def opened(transaction: Transaction, handoff: str, by: Person) -> Conversation:
    """The conversation of a hand-off, kept for us. Raises `TransitionRefused("unknown")`."""
    found = await transaction.conversations.by_handoff(handoff, lock=True)
    if found is None or not by.may_handle(found.line):
        raise TransitionRefused("unknown")
    return found


def owner(conversation: Conversation) -> str | None:
    """Who has claimed its hand-off."""
    return conversation.handoff.claimed_by if conversation.handoff else None


def require_owner(conversation: Conversation, by: Person) -> None:
    """Raises `TransitionRefused` unless this person has the hand-off now."""
    if conversation.holder == "closed":
        raise TransitionRefused("closed")
    if conversation.holder != "human":
        raise TransitionRefused("not_claimed")
    if owner(conversation) != by.id:
        name = conversation.handoff.claimed_name if conversation.handoff else None
        raise TransitionRefused("not_yours", holder_name=name)
