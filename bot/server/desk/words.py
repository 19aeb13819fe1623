"""The sentences of the desk: why an act was refused, and what became of a reply."""

from bot.core.delivery import GIVEN_UP, NOT_SET_UP
from bot.domain.errors import TransitionRefused

NO_SESSION = "Sign in first."
NO_HANDOFF = "There is no such hand-off."
NO_GAP = "There is no such proposal."
NO_LINE = "There is no such line."
NOT_OPERATOR = "Switching lines needs the right “operate”; ask whoever runs Careline for it."
NOT_TEACHER = "Approving knowledge needs the right “operate”; ask whoever runs Careline for it."
FOREIGN_ORIGIN = "This request comes from another site. Open the desk itself and try there."
NOT_JSON = "Send the body as application/json."
AWAY = "The database cannot be reached just now. Nothing was changed; try again in a moment."
MOVED = "Somebody else moved first. Look again and decide."
EDITED_TO_NOTE = "Words that begin with // stay inside. Take the reply back and write a note."
LINK_USED = "This link does not work any more. Ask for a new one: careline staff link"
WRONG_SIGN_IN = "Name and password do not match."

_REFUSALS: dict[str, tuple[str, str]] = {
    "taken": ("{holder} has this hand-off.", "Somebody else has this hand-off."),
    "not_yours": (
        "{holder} has this hand-off. Take it over first.",
        "You do not have this hand-off.",
    ),
    "already_yours": ("You have this hand-off already.",) * 2,
    "not_claimed": ("Nobody has this hand-off yet. Claim it first.",) * 2,
    "not_waiting": ("The bot has this conversation: nobody is waiting for a person.",) * 2,
    "closed": ("This hand-off has ended.",) * 2,
}
_OTHERWISE = ("This is not possible now.",) * 2


def refusal_text(refused: TransitionRefused) -> str:
    """Why an act was refused, naming whoever has the hand-off."""
    named, nameless = _REFUSALS.get(refused.code, _OTHERWISE)
    return named.format(holder=refused.holder_name) if refused.holder_name else nameless


_FAILURES: dict[str, tuple[str, str]] = {
    NOT_SET_UP: (
        "the customer's channel is not set up here any more",
        "Ask whoever runs Careline to set the channel up again, or reach the customer another way.",
    ),
    GIVEN_UP: (
        "the customer's channel could not be reached for hours",
        "Send it again once the channel works, or reach the customer another way.",
    ),
}
_REMEDY = "Change what it says is wrong and send it again, or reach the customer another way."
_UNEXPLAINED = ("it could not be read from the database", "Send it again.")


def failure_text(fault: str | None) -> str:
    """That a message did not arrive, and why; `fault` is what the channel gave as its reason."""
    if fault is None:
        return f"Not delivered: {_UNEXPLAINED[0]}."
    reason, _ = _FAILURES.get(fault, (fault, ""))
    return f"Not delivered: {reason.rstrip('.')}."


def remedy_text(fault: str | None) -> str:
    """What whoever wrote it can do now."""
    return _UNEXPLAINED[1] if fault is None else _FAILURES.get(fault, ("", _REMEDY))[1]
