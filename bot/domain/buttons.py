"""The buttons of a staff card: what each does, and to which hand-off."""

from bot.domain.forms import form_button
from bot.domain.message import Choice, Choices, HandoffCard
from bot.domain.transitions import Act

NOTE_MARK = "//"
"""What staff put before words that are to stay among them."""

LABELS: dict[Act, str] = {
    "claim": "Claim",
    "take_over": "Take over",
    "release": "Release",
    "hand_back": "Hand back to the bot",
    "resolve": "Resolve",
}
"""What staff can press, and how it is called."""

_OFFERED: dict[str, tuple[Act, ...]] = {
    "waiting": ("claim",),
    "human": ("take_over", "release", "hand_back", "resolve"),
}


def button(act: Act, handoff: str) -> Choice:
    """The button that does this to a hand-off."""
    return Choice(label=LABELS[act], value=f"{act}:{handoff}")


def act_of(value: str) -> tuple[Act, str] | None:
    """What a pressed value does, and to which hand-off; None where it is no button of a card."""
    name, _, handoff = value.partition(":")
    act = next((one for one in LABELS if one == name), None)
    return (act, handoff) if act is not None and handoff else None


def buttons_of(card: HandoffCard, *, forms: bool = False) -> Choices:
    """What a card offers in its state; nothing once the hand-off has ended.

    `forms`: the channel can ask for words, so a note is offered too.
    """
    acts = _OFFERED.get(card.state, ())
    options = [button(act, card.handoff) for act in acts]
    if options and forms:
        options.insert(1, form_button("note", card.handoff))
    return Choices(options=tuple(options))
