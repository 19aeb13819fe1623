"""The staff card as plain text, for channels without cards; the order is that of all renderings."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.assist import Suggestion
from bot.domain.message import HandoffCard

_WHO = {"customer": "Customer", "bot": "Bot", "staff": "Staff", "system": "Bot"}
EXTRACT = "in the customer's own last words, not rewritten"
"""What the summary of a card is, wherever it is shown."""


def text_of(card: HandoffCard, now: datetime) -> str:
    """All of a card as text, what presses most first. `now` tells the customer's local time."""
    about = [f"{card.priority.capitalize()} priority. " if card.priority != "normal" else ""]
    about.append(card.why or card.reason)
    parts = ["".join(about), customer_of(card, now)]
    if card.summary:
        parts.append(f"In short ({EXTRACT}):\n{card.summary}")
    if card.said:
        said = (f"{_WHO[one.author]}: {one.text}" for one in card.said)
        parts.append("Said last:\n" + "\n".join(said))
    if card.tried:
        tried = (f"- {one.title}" + (f" {one.url}" if one.url else "") for one in card.tried)
        parts.append("The bot tried:\n" + "\n".join(tried))
    if card.suggested is not None:
        parts.append(suggestion_of(card.suggested))
    return "\n\n".join(part for part in parts if part)


def suggestion_of(found: Suggestion) -> str:
    """A suggestion with what it is and where it comes from."""
    where = f" ({found.url})" if found.url else ""
    return f"{found.called()}, from “{found.title}”{where}:\n{found.text}"


def customer_of(card: HandoffCard, now: datetime) -> str:
    """Who it is: name, channel, language and local time, as far as they are known."""
    time = local_time(card.zone, now)
    known = (card.customer, card.channel, card.language, time and f"{time} there")
    return "Customer: " + ", ".join(one for one in known if one) if any(known) else ""


def local_time(zone: str | None, now: datetime) -> str | None:
    """The time of day in a zone, as 14:05; None for a zone that nobody knows."""
    try:
        return f"{now.astimezone(ZoneInfo(zone)):%H:%M}" if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
