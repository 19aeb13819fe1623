"""Whether an answer was of use: the value of the button that says so."""

from dataclasses import dataclass

FEEDBACK = "feedback:"
UP, DOWN = "\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"
"""What the buttons are called; in the words of a transcript they are read as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A thumb up or down under the answer from an article."""

    useful: bool
    article: str

    def value(self) -> str:
        """What the button holds."""
        return f"{FEEDBACK}{'up' if self.useful else 'down'}:{self.article}"


def feedback_of(value: str | None) -> Feedback | None:
    """What a pressed value says; None where it is no such button."""
    if value is None or not value.startswith(FEEDBACK):
        return None
    way, _, article = value.removeprefix(FEEDBACK).partition(":")
    return Feedback(useful=way == "up", article=article) if way in ("up", "down") else None
