"""Words that staff give with a button: a suggestion sent as it is or changed first, and a note."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from bot.domain.message import Choice

Offer: TypeAlias = Literal["send", "edit", "note"]
"""`send` needs no more words; for `edit` and `note` the channel opens a form."""
Given: TypeAlias = Literal["say", "keep"]
"""What came of a form: words for the customer, or for colleagues alone."""
LABELS: dict[Offer, str] = {"send": "Send", "edit": "Edit", "note": "Note"}
GIVES: dict[Offer, Given] = {"edit": "say", "note": "keep"}
_KINDS: tuple[Offer | Given, ...] = (*get_args(Offer), *get_args(Given))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One such button, or what came of its form; `assist` is the suggestion that is meant."""

    kind: Offer | Given
    handoff: str
    assist: str = ""

    def value(self) -> str:
        """What the button holds."""
        return ":".join(filter(None, (self.kind, self.handoff, self.assist)))


def form_of(value: str | None) -> Form | None:
    """What a pressed value means; None where it is no such button."""
    name, _, rest = (value or "").partition(":")
    handoff, _, assist = rest.partition(":")
    kind = next((one for one in _KINDS if one == name), None)
    return Form(kind=kind, handoff=handoff, assist=assist) if kind and handoff else None


def form_button(kind: Offer, handoff: str, assist: str = "") -> Choice:
    """The button for it."""
    return Choice(label=LABELS[kind], value=Form(kind=kind, handoff=handoff, assist=assist).value())
