"""The thumbs under an answer: Teams asks, and tells us which message was meant.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bot-messages-ai-generated-content
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.conversation import Entry
from bot.domain.message import Sources
from channels.teams.activity import Activity

_WAYS = {"like": True, "dislike": False}
_SLACK = timedelta(seconds=2)
"""How much Teams' clock may be behind ours."""
_LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumb:
    """What somebody thinks of a message of ours, and what they wrote about it."""

    useful: bool
    message: str
    words: str


def thumb_of(activity: Activity) -> Thumb | None:
    """The thumb that an invoke tells of; None for all else."""
    value = activity.value
    if activity.name != "message/submitAction" or not isinstance(value, dict):
        return None
    given = value.get("actionValue")
    if value.get("actionName") != "feedback" or not isinstance(given, dict):
        return None
    useful = _WAYS.get(str(given.get("reaction")))
    if useful is None:
        return None
    words = _words(given.get("feedback"))
    return Thumb(useful=useful, message=activity.reply_to_id or "", words=words)


def article_of(entries: Sequence[Entry], message: str) -> str | None:
    """The article of the answer that a thumb is under.

    Teams' ids of messages are the moments they were sent, in milliseconds: the answer is the last
    one decided before that. Where an id is none, it is the last of all.
    """
    sent = _moment(message)
    for entry in reversed(entries):
        if entry.author != "bot" or (sent is not None and entry.at > sent + _SLACK):
            continue
        for part in entry.parts:
            if isinstance(part, Sources) and part.items:
                return part.items[0].article
    return None


def _moment(message: str) -> datetime | None:
    """13 digits since 1970."""
    if len(message) != 13 or not (message.isascii() and message.isdigit()):  # noqa: PLR2004  as said
        return None
    return datetime.fromtimestamp(int(message) / 1000, UTC)


def _words(given: object) -> str:
    """Teams wraps the words into JSON of their own."""
    try:
        found: Any = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return ""
    words = found.get("feedbackText") if isinstance(found, dict) else None
    return words.strip()[:_LONGEST] if isinstance(words, str) else ""
