"""An answer to a numbered menu, where a channel has no buttons: "2", "two", "the second one"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.csat import CSAT
from bot.domain.conversation import Entry
from bot.domain.message import Choice, Choices, Inbound, Pressed

_WORDS = (
    ("1", "one", "first", "1st", "eins", "erste", "uno", "primero", "un", "premier"),
    ("2", "two", "second", "2nd", "zwei", "zweite", "dos", "segundo", "deux", "deuxième"),
    ("3", "three", "third", "3rd", "drei", "dritte", "tres", "tercero", "trois", "troisième"),
    ("4", "four", "fourth", "4th", "vier", "vierte", "cuatro", "cuarto", "quatre", "quatrième"),
    ("5", "five", "fifth", "5th", "fünf", "fünfte", "cinco", "quinto", "cinq", "cinquième"),
)
_PLACES = {word: place for place, words in enumerate(_WORDS) for word in words}
_AROUND = re.compile(
    r"^(?:(?:the|number|no\.?|option|der|die|das|nummer|el|la|le|número|numero)\s+)*"
    r"(\w+)(?:\s+(?:one|option|please|bitte))*[.!)]*$"
)


def chosen(event: Inbound, history: Sequence[Entry]) -> Inbound:
    """The event as a press of what it chooses in the menu that was said last, or as it is.

    The survey reads its own numbers: they are scores there.
    """
    if event.kind != "message" or not history:
        return event
    found = _AROUND.match(event.text().strip().casefold())
    place = _PLACES.get(found[1]) if found else None
    options = _offered(history[-1]) if place is not None else ()
    if place is None or place >= len(options) or options[place].value.startswith(CSAT):
        return event
    pressed = Pressed(value=options[place].value, label=options[place].label)
    return replace(event, kind="pressed", parts=(pressed,))


def _offered(entry: Entry) -> tuple[Choice, ...]:
    if entry.author == "customer":
        return ()
    menus = [part.options for part in entry.parts if isinstance(part, Choices)]
    return menus[0] if len(menus) == 1 else ()
