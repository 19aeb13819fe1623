"""Making a row fit the channel it goes to: by what that can do, never by its name."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.files import kept_id
from bot.domain.message import HandoffCard, Mark, Media, Outbound, Part, Text
from bot.domain.ports import Abilities

DELIVERED = "✓ Delivered to the customer."
READ = "✓ Read by the customer."
FAILED = "✗ Not delivered to the customer."
_MARKED = {"delivered": DELIVERED, "read": READ, "failed": FAILED}


def fit(row: Outbound, can: Abilities) -> Sequence[Outbound]:
    """The rows to send instead of one: itself most often, none where nothing is left of it."""
    mark = next((part for part in row.parts if isinstance(part, Mark)), None)
    if mark is not None and not can.marks:
        return [replace(row, parts=(Text(text=_MARKED[mark.state]),))]
    if row.replaces is not None and not can.edits:
        return _without_edits(row, can)
    if row.author == "customer":
        row = replace(row, parts=tuple(_in_words(part, can) for part in row.parts))
    return _split(row, can.max_text)


def _without_edits(row: Outbound, can: Abilities) -> Sequence[Outbound]:
    """A card's news is a line in its thread, once it has one; other changes are a new message."""
    card = next((part for part in row.parts if isinstance(part, HandoffCard)), None)
    if card is None:
        return _split(replace(row, replaces=None), can.max_text) if row.parts else []
    if row.target is None:
        return []
    thread = replace(row.address, thread=row.target)
    words = Text(text=state_of(card))
    return [replace(row, address=thread, parts=(words,), replaces=None, target=None)]


def state_of(card: HandoffCard) -> str:
    """The state of a card in one line."""
    match card.state:
        case "human":
            return f"{card.owner} has this conversation."
        case "waiting":
            return "The customer is waiting for somebody to claim this."
        case "bot":
            return "The bot has this conversation again."
    return "This conversation is closed."


def _in_words(part: Part, can: Abilities) -> Part:
    """A file that the channel cannot show, told of; what we keep has no address to follow."""
    if not isinstance(part, Media) or (can.media if kept_id(part) is None else can.files):
        return part
    return Text(text=f"The customer sent a file, {part.name} ({part.mime}). It is on the desk.")


def _split(row: Outbound, most: int) -> Sequence[Outbound]:
    """Long words in several messages; the last has the other parts, and where it came from."""
    long = any(isinstance(part, Text) and len(part.text) > most for part in row.parts)
    if not long:
        return [row]
    words = "\n\n".join(part.text for part in row.parts if isinstance(part, Text))
    others = tuple(part for part in row.parts if not isinstance(part, Text))
    cut = pieces(words, most)
    rows = [
        replace(
            row,
            key=row.key if number == 0 else f"{row.key}/{number + 1}",
            parts=(Text(text=piece),),
            replaces=None,
            target=None,
            origin=None,
        )
        for number, piece in enumerate(cut)
    ]
    rows[-1] = replace(rows[-1], parts=(*rows[-1].parts, *others), origin=row.origin)
    return rows


def pieces(words: str, most: int) -> list[str]:
    """Words cut where a paragraph, a line or a word ends, each at most so long."""
    cut: list[str] = []
    words = words.strip()
    while len(words) > most:
        ends = (words.rfind(sign, most // 2, most) for sign in ("\n\n", "\n", " "))
        end = next((place for place in ends if place > 0), most)
        cut.append(words[:end].rstrip())
        words = words[end:].lstrip()
    return [*cut, words] if words else cut
