"""The verdict on a press while whoever pressed waits for it: decided and stored at once."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.core import staff_words as words
from bot.core.deciding import decide
from bot.core.escalation import card, is_card_of
from bot.core.filters import pressed_in
from bot.core.fitting import state_of
from bot.core.relay import Relay
from bot.core.speech import Speaker
from bot.domain.buttons import act_of
from bot.domain.contact import Person
from bot.domain.conversation import Conversation
from bot.domain.errors import BadRequest, Conflict, TransitionRefused
from bot.domain.forms import Form, form_of
from bot.domain.message import HandoffCard, Inbound
from bot.domain.ports import Transaction, Verdict
from bot.domain.transitions import Act

Judging: TypeAlias = Callable[[Inbound], Awaitable[Verdict | None]]
"""What a press came to; None for one that is no button of a card."""
_Asked: TypeAlias = tuple[Act, str] | Form
_BUSY = "Several people are at this just now. Press it again."


class Verdicts:
    """Works on presses of the staff card in one transaction each, with the event's own mark.

    A press that was worked on before (platforms send one again when our answer was slow) changes
    nothing, and gets the card as it is now. A refused one leaves nothing behind.
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def __call__(self, event: Inbound) -> Verdict | None:
        """Decide on one press; None where it is no button of a card."""
        value = pressed_in(event)
        asked = _asked(value) if value else None
        if asked is None:
            return None
        person = await self._relay.person(event)
        if person is None:
            return Verdict(text=words.STRANGER)

        async def press(transaction: Transaction) -> Verdict:
            return await self._press(transaction, event, asked, person)

        try:
            return await decide(self._relay.store, press)
        except TransitionRefused as refused:
            return Verdict(text=words.refusal(refused))
        except BadRequest as exc:
            return Verdict(text=str(exc))
        except Conflict:
            return Verdict(text=_BUSY)

    async def _press(
        self, transaction: Transaction, event: Inbound, asked: "_Asked", person: Person
    ) -> Verdict:
        handoff = asked.handoff if isinstance(asked, Form) else asked[1]
        if await transaction.events.add(event, done=True):
            if not isinstance(asked, Form):
                held = await self._relay.press.act_in(transaction, handoff, asked[0], person)
                return self._verdict(words.DONE.get(asked[0], words.YOURS), held)
            await self._say(transaction, event, asked, person)
        now = await transaction.conversations.by_handoff(handoff)
        if now is None or not person.may_handle(now.line):
            raise TransitionRefused("unknown")
        return self._verdict("", now)

    async def _say(
        self, transaction: Transaction, event: Inbound, form: Form, person: Person
    ) -> None:
        """Words that came with a press: to the customer, or to colleagues alone."""
        press, text = self._relay.press, event.text()
        if form.kind == "say":
            await press.reply_in(transaction, form.handoff, person, text, event.key)
        else:
            await press.note_in(transaction, form.handoff, person, text, event.key, told=True)

    def _verdict(self, text: str, held: Conversation) -> Verdict:
        part = self._card(held)
        said = text or (state_of(part) if part is not None else "")
        return Verdict(text=said, done=True, card=part, version=held.version)

    def _card(self, held: Conversation) -> HandoffCard | None:
        """The card as everybody else is about to see it."""
        if held.handoff is None:
            return None
        speak = Speaker(held, cause="verdict", trace=held.id)
        rows = card(held, self._relay.lines.find(held.line), speak)
        shown = (row for row in rows if is_card_of(row, held.handoff))
        parts = (part for row in shown for part in row.parts)
        return next((part for part in parts if isinstance(part, HandoffCard)), None)


def _asked(value: str) -> _Asked | None:
    """What a button of a card asks for; a suggestion's and a form's own are no such buttons."""
    form = form_of(value)
    if form is not None:
        return form if form.kind in ("say", "keep") else None
    return act_of(value)
