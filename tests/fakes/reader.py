"""A reader without an encoder."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from math import sqrt
from typing import Any

from bot.domain.reading import Reading

DIMS = 384
FEELINGS = ("anger", "distress", "sentiment")


class FakeReader:
    """A `Reader` that gives equal texts equal vectors, and hears `wanting` as asking for a person.

    `signals` are words by the field of the reading that they make 0.9, feelings only where asked
    for. `seen` keeps every text it was asked to read, `felt` those with feelings, `told` those it
    was told of before.
    """

    def __init__(
        self, *, wanting: tuple[str, ...] = ("human",), signals: Mapping[str, str] | None = None
    ) -> None:
        self.wanting = wanting
        self.signals = signals or {}
        self.seen: list[str] = []
        self.told: list[str] = []
        self.felt: list[str] = []

    async def read(self, text: str, *, feelings: bool = False) -> Reading:
        self.seen.append(text)
        if feelings:
            self.felt.append(text)
        words = text.strip().casefold()
        if not words:
            return Reading()
        wants = any(word in words for word in self.wanting)
        reading = Reading(vector=vector_of(words), wants_human=1.0 if wants else 0.0)
        heard: dict[str, Any] = {
            name: 0.9
            for name, word in self.signals.items()
            if word in words and (feelings or name not in FEELINGS)
        }
        return replace(reading, **heard)

    def ahead(self, text: str) -> None:
        self.told.append(text)


def vector_of(text: str) -> tuple[float, ...]:
    """A unit vector; texts that share words point the same way."""
    sums = [0.0] * DIMS
    for word in text.casefold().split() or [text]:
        digest = blake2b(word.encode("utf-8", "replace"), digest_size=48).digest()
        for place, byte in enumerate(digest):
            sums[(place * 8 + byte % 8) % DIMS] += byte / 127.5 - 1.0
    length = sqrt(sum(one * one for one in sums)) or 1.0
    return tuple(one / length for one in sums)
