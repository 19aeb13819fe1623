"""Finding staff in what a calendar says: by e-mail address, else by name or alias.

Products write it in their own ways: PagerDuty and Opsgenie put the name, or the address, into the
title ("On Call - Ada Lovelace - Support"); Google and Outlook have attendees.
"""

import re
from collections.abc import Iterable, Sequence

from bot.domain.contact import Person
from bot.domain.oncall import Shift

_MAIL = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+\.[^\s<>()\[\],;:\"'.]+")


def people_of(shift: Shift, staff: Sequence[Person]) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    """The people of a shift, and what it names that is nobody of staff.

    Attendees count before the title; where none of them is of staff, the title may still be.
    """
    found = _unique(p for name in shift.attendees for p in _named(name, staff))
    if not found:
        found = _in_title(shift.title, staff)
    if found:
        return found, ()
    return (), (", ".join(shift.attendees) or shift.title or "an entry without words",)


def _named(name: str, staff: Sequence[Person]) -> list[Person]:
    """Whoever has exactly this address, name, alias or login."""
    plain = _plain(name)
    return [p for p in staff if plain in _names(p)]


def _in_title(title: str, staff: Sequence[Person]) -> tuple[Person, ...]:
    """Everybody whose address or full name stands in a title; a login only if it is all of it."""
    by_mail = _unique(p for mail in _MAIL.findall(title) for p in _named(mail, staff))
    if by_mail:
        return by_mail
    rest = _plain(title)
    exact = _named(rest, staff)
    if exact:
        return _unique(exact)
    found: list[Person] = []
    # The longest first: "Ann Lee" is not "Ann" as well.
    spoken = sorted(
        ((_plain(n), p) for p in staff for n in (p.name, *p.aliases)), key=lambda s: -len(s[0])
    )
    for name in dict.fromkeys(n for n, _ in spoken if n):
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        if re.search(pattern, rest):
            found += [p for n, p in spoken if n == name]
            rest = re.sub(pattern, "\n", rest)
    return _unique(found)


def _names(person: Person) -> set[str]:
    given = (person.name, person.id, person.email or "", *person.aliases)
    return {_plain(name) for name in given if name.strip()}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _unique(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({p.id: p for p in people}.values())
