"""What helps whoever holds a conversation: a suggested reply and hints. No customer sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Hint: TypeAlias = Literal["asked_again", "turned_down", "human_led", "distress", "other_language"]

HINTS: dict[Hint, str] = {
    "asked_again": "The customer has asked the same thing before.",
    "turned_down": "The customer has turned an answer of the bot down.",
    "human_led": "Articles on this are for people: read it, and answer in your own words.",
    "distress": "The customer sounds distressed.",
    "other_language": "The customer writes in another language than this line's.",
}
"""Each hint as a sentence for staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The approved text of an article, as a reply.

    `sure`: the bot would have answered with it; else it is the nearest of several. `sendable` is
    False where the article is for people to read, not for customers.
    """

    text: str
    article: str
    title: str
    url: str | None = None
    language: str = "en"
    sure: bool = True
    sendable: bool = True

    def called(self) -> str:
        """What staff are told that it is: never more than it is."""
        if not self.sendable:
            return "For you to read"
        return "Suggested reply" if self.sure else "Nearest article; look whether it fits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assist:
    """What was found for the customer's last words.

    `id` tells it from the one before, `at` is when it was made. Without a `suggestion` there are
    only hints.
    """

    id: str
    at: datetime
    suggestion: Suggestion | None = None
    hints: tuple[Hint, ...] = ()
