"""Finding staff in what a calendar says: by e-mail address, else by name or alias.

Products write it in their own ways: PagerDuty and Opsgenie put the name, or the address, into the
title ("On Call - Ada Lovelace - Support"); Google and Outlook have attendees.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from bot.domain.contact import Person
from bot.domain.oncall import Shift

_MAIL = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+\.[^\s<>()\[\],;:\"'.]+")


People: TypeAlias = tuple[tuple[Person, ...], tuple[str, ...]]
"""The people of a shift, and what it names that is nobody of staff."""


def people_of(shift: Shift, staff: Sequence[Person]) -> People:
    """Whom a shift names.

    Attendees count before the title; where none of them is of staff, the title may still be.
    """
    return Names(staff).people_of(shift)


class Names:
    """What each of staff may be called, made once for all the shifts of a calendar."""

    def __init__(self, staff: Sequence[Person]) -> None:
        self._exact: dict[str, list[Person]] = {}
        spoken: dict[str, list[Person]] = {}
        for person in staff:
            for name in _names(person):
                self._exact.setdefault(name, []).append(person)
            for name in filter(None, map(_plain, (person.name, *person.aliases))):
                spoken.setdefault(name, []).append(person)
        # The longest first: "Ann Lee" is not "Ann" as well.
        self._spoken = sorted(spoken.items(), key=lambda named: -len(named[0]))

    def people_of(self, shift: Shift) -> People:
        """Whom a shift names, and what it names that is nobody of staff."""
        found = _unique(p for name in shift.attendees for p in self._named(name))
        if not found:
            found = self._in_title(shift.title)
        if found:
            return found, ()
        return (), (", ".join(shift.attendees) or shift.title or "an entry without words",)

    def _named(self, name: str) -> list[Person]:
        """Whoever has exactly this address, name, alias or login."""
        return self._exact.get(_plain(name), [])

    def _in_title(self, title: str) -> tuple[Person, ...]:
        """Everybody whose address or full name stands in a title; a login only if it is all."""
        by_mail = _unique(p for mail in _MAIL.findall(title) for p in self._named(mail))
        if by_mail:
            return by_mail
        rest = _plain(title)
        exact = self._named(rest)
        if exact:
            return _unique(exact)
        found: list[Person] = []
        for name, people in self._spoken:
            if name not in rest:
                continue  # most are not: no pattern is made for them
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            if re.search(pattern, rest):
                found += people
                rest = re.sub(pattern, "\n", rest)
        return _unique(found)


def _names(person: Person) -> set[str]:
    given = (person.name, person.id, person.email or "", *person.aliases)
    return {_plain(name) for name in given if name.strip()}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _unique(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({p.id: p for p in people}.values())
