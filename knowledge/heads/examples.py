"""Reads labelled texts: sections whose heading names what their texts show."""

from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import KnowledgeError

HEADS = (
    "wants_human",
    "self_harm",
    "distress",
    "anger",
    "complaint",
    "billing_dispute",
    "fraud",
    "legal_threat",
    "privacy_request",
    "harassment",
    "safety",
    "positive",
    "negative",
)
"""What is learnt; the last two make up the sentiment."""
FOLDER = Path(__file__).parent / "examples"
# Who is upset or complains speaks ill of something; what is asked calmly may go either way.
_ILL = {"self_harm", "distress", "anger", "complaint", "harassment"}
_OPEN = {"billing_dispute", "fraud", "legal_threat", "safety"}


@dataclass(frozen=True, slots=True)
class Example:
    """A text, the heads it shows, and those left open: they learn nothing from it."""

    text: str
    shows: frozenset[str]
    open: frozenset[str] = frozenset()


def read(file: Path) -> list[Example]:
    """Every text of a file. Raises `KnowledgeError` with file and line where it is malformed."""
    found: list[Example] = []
    heading: tuple[frozenset[str], frozenset[str]] | None = None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("["):
            heading = _heading(text, f"{file.name}, line {number}")
        elif heading is None:
            raise KnowledgeError(f"{file.name}, line {number}: a text before the first heading.")
        else:
            found.append(Example(text, *heading))
    return found


def ours() -> list[Example]:
    """All examples written for this house, each text once."""
    files = sorted(FOLDER.glob("*.txt"))
    return list({one.text: one for file in files for one in read(file)}.values())


def _heading(text: str, where: str) -> tuple[frozenset[str], frozenset[str]]:
    words = text.strip("[]").split()
    shows = {word for word in words if not word.startswith("?")} - {"none"}
    left = {word[1:] for word in words if word.startswith("?")}
    if not text.endswith("]") or not (shows | left) <= set(HEADS):
        raise KnowledgeError(f"{where}: {text} is no heading; heads are {', '.join(HEADS)}.")
    if shows & _ILL:
        shows.add("negative")
    elif shows & _OPEN:
        left.add("negative")
    return frozenset(shows), frozenset(left - shows)
