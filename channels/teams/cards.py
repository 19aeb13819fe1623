"""Adaptive Cards: choices for whoever asks, and the card of a hand-off for staff.

A button of the staff card is an Action.Execute, answered with the card as it is then; a client that
does not know those falls back to Action.Submit, which comes as a message.
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/overview
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from microsoft_teams.cards import (
    ActionSet,
    AdaptiveCard,
    ExecuteAction,
    SubmitAction,
    SubmitActionData,
    TextBlock,
    TextInput,
)

from bot.domain.buttons import buttons_of
from bot.domain.cards import text_of
from bot.domain.forms import Form
from bot.domain.message import Choice, HandoffCard
from channels.teams.inbound import ONCE, PRESSED, WORDS

VERSION: Final = "1.5"
_LONGEST = 4000
MAX_WORDS = 4000
"""Characters in one reply or note, as at the desk."""
_MOST_ACTIONS = 6
"""Teams shows no more buttons of one card."""
_STATES = {
    "human": "{owner} has this conversation.",
    "waiting": "Waiting for somebody to claim this.",
    "bot": "The bot has this conversation again.",
}


def choices_card(options: Sequence[Choice], *, version: int) -> AdaptiveCard:
    """A button for each choice; what is pressed comes back as a message."""
    actions = [_submit(one, version) for one in options]
    rows = (actions[i : i + _MOST_ACTIONS] for i in range(0, len(actions), _MOST_ACTIONS))
    return AdaptiveCard(version=VERSION, body=[ActionSet(actions=[*row]) for row in rows])


def handoff_card(card: HandoffCard, now: datetime, *, version: int) -> AdaptiveCard:
    """All of a hand-off, its state and what can be done in it.

    While a person has it, it can be answered on the card: where the app may not hear the channel,
    that is the way to the customer.
    """
    state = _STATES.get(card.state, "This conversation is closed.")
    head = state.format(owner=card.owner or "Somebody")
    blocks = text_of(card, now)[:_LONGEST].split("\n\n")
    choices = buttons_of(card).options
    boxed = _boxed(card) if choices else []
    once = secrets.token_hex(4)
    return AdaptiveCard(
        version=VERSION,
        body=[
            TextBlock(text=head, weight="Bolder", wrap=True),
            *(TextBlock(text=block.replace("\n", "\n\n"), wrap=True) for block in blocks),
            *([_box(card)] if boxed else []),
        ],
        actions=[
            ExecuteAction(
                title=one.label,
                verb=one.value.partition(":")[0],
                data=_data(one, version, once),
                fallback=_submit(one, version, once),
            )
            for one in (*choices, *boxed)
        ],
    )


def _boxed(card: HandoffCard) -> list[Choice]:
    """What can be done with words; before somebody has claimed, colleagues alone may read them."""
    say = Choice(label="Reply", value=Form(kind="say", handoff=card.handoff).value())
    keep = Choice(label="Note", value=Form(kind="keep", handoff=card.handoff).value())
    return [say, keep] if card.state == "human" else [keep]


def _box(card: HandoffCard) -> TextInput:
    hint = "Reply to the customer, or a note" if card.state == "human" else "A note for colleagues"
    return TextInput(id=WORDS, is_multiline=True, max_length=MAX_WORDS, placeholder=hint)


def _submit(choice: Choice, version: int, once: str = "") -> SubmitAction:
    return SubmitAction(title=choice.label, data=_data(choice, version, once))


def _data(choice: Choice, version: int, once: str) -> SubmitActionData:
    """`at` tells a press of this state of the card from one of an earlier or a later state.

    `once` tells the same words, given twice, from words that came twice.
    """
    fields = {PRESSED: choice.value, "label": choice.label, "at": str(version)}
    fields |= {ONCE: once} if once else {}
    return SubmitActionData.model_validate(fields)
