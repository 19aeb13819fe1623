"""Adaptive Cards: choices for whoever asks, and the card of a hand-off for staff.

A button of the staff card is an Action.Execute, answered with the card as it is then; a client that
does not know those falls back to Action.Submit, which comes as a message.
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/overview
"""

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
)

from bot.domain.buttons import buttons_of
from bot.domain.cards import text_of
from bot.domain.message import Choice, HandoffCard
from channels.teams.inbound import PRESSED

VERSION: Final = "1.5"
_LONGEST = 5000
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
    """All of a hand-off, its state and what can be done in it."""
    state = _STATES.get(card.state, "This conversation is closed.")
    head = state.format(owner=card.owner or "Somebody")
    blocks = text_of(card, now)[:_LONGEST].split("\n\n")
    return AdaptiveCard(
        version=VERSION,
        body=[
            TextBlock(text=head, weight="Bolder", wrap=True),
            *(TextBlock(text=block.replace("\n", "\n\n"), wrap=True) for block in blocks),
        ],
        actions=[
            ExecuteAction(
                title=one.label,
                verb=one.value.partition(":")[0],
                data=_data(one, version),
                fallback=_submit(one, version),
            )
            for one in buttons_of(card).options
        ],
    )


def _submit(choice: Choice, version: int) -> SubmitAction:
    return SubmitAction(title=choice.label, data=_data(choice, version))


def _data(choice: Choice, version: int) -> SubmitActionData:
    """`at` tells a press of this state of the card from one of an earlier or a later state."""
    fields = {PRESSED: choice.value, "label": choice.label, "at": str(version)}
    return SubmitActionData.model_validate(fields)
