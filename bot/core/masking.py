"""Takes out of people's words what tells who they are: addresses, numbers, names.

The patterns take too much rather than too little: an operator reads every text before it goes
live, and writes a number in that belongs there.
"""

import re
from collections.abc import Iterable, Sequence

from bot.domain.conversation import Entry

_LINK_TAIL = re.compile(r"(https?://[^\s?#]+)[?#]\S*")
_MAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w/])@\w{3,}")
# Phones, cards, accounts, dates: six digits or more, however they are grouped.
_DIGITS = re.compile(r"(?<!\w)[+(]?\d(?:[ ().\-/]{0,2}\d){5,}(?!\w)")
# What is called a number, a code, an order: "order no. 1234", "#987", "PIN: 4711".
_CALLED = re.compile(
    r"((?:#|\b(?:no|nr|number|order|invoice|ticket|case|customer|account|code|pin|id|ref|reference"
    r"|booking|policy|rechnung|bestellung|kunden\w*)\b\s*(?:(?:no|nr|number|is)\b)?\s*[.:#]*)\s*)"
    r"(?=[\w-]*\d{2})[\w-]{2,}",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\b[\w-]*\d[\w-]*\b")
_MOST_DIGITS = 4
_SHORTEST_NAME = 3
NUMBER, MAIL, NAME = "[number]", "[e-mail]", "[name]"


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text without e-mail addresses, numbers of five digits or more and the names given."""
    text = _LINK_TAIL.sub(r"\1", text)
    text = _HANDLE.sub(NAME, _MAIL.sub(MAIL, text))
    text = _DIGITS.sub(NUMBER, text)
    text = _CALLED.sub(rf"\1{NUMBER}", text)
    text = _TOKEN.sub(_reference, text)
    return _nameless(text, names)


def names_in(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The names of those who spoke: they are not for others to read."""
    people = (one.name for one in entries if one.author in ("customer", "staff"))
    return tuple(sorted({name for name in people if name}))


def _reference(found: re.Match[str]) -> str:
    """References such as AB-12345 and 12345 go, iPhone 15, 24h and 2026 stay."""
    token = found[0]
    digits = sum(one.isdigit() for one in token)
    mixed = any(one.isalpha() for one in token) and digits >= _MOST_DIGITS
    return NUMBER if digits > _MOST_DIGITS or mixed else token


def _nameless(text: str, names: Iterable[str]) -> str:
    words = {word for name in names for word in re.findall(r"\w+", name)}
    long = sorted((w for w in words if len(w) >= _SHORTEST_NAME), key=len, reverse=True)
    if not long:
        return text
    pattern = rf"\b(?:{'|'.join(map(re.escape, long))})\b"
    return re.sub(rf"{pattern}(?:\s+{pattern})*", NAME, text, flags=re.IGNORECASE)
