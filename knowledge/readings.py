"""Reads a message: one encode for each distinct text, whatever it is then used for."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from hashlib import blake2b
from typing import Protocol, TypeAlias

from bot.domain.reading import Reading
from knowledge.detector import LanguageDetector
from knowledge.encoder import Vectors
from knowledge.wants_human import wants_human

# People repeat themselves within minutes, and the same "hi" comes from everybody.
REMEMBERED = 512


Detect: TypeAlias = Callable[[str], str | None]


def _any_language(_text: str) -> None:
    return None


class TextEncoder(Protocol):
    """What a reader asks of an encoder."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length for each text."""
        ...


class EncoderReader:
    """The `Reader` over an encoder. `thread` does the encoding, off the event loop.

    `detect` tells the language of a text, or None where it is not sure.
    """

    def __init__(
        self, encoder: TextEncoder, thread: Executor, detect: Detect = _any_language
    ) -> None:
        self._encoder = encoder
        self._thread = thread
        self._detect = detect
        self._remembered: OrderedDict[bytes, Reading] = OrderedDict()

    @classmethod
    def multilingual(cls, encoder: TextEncoder, thread: Executor) -> "EncoderReader":
        """One that tells languages too. It loads what that takes (0.4 s) beside the start."""
        detector = LanguageDetector()
        thread.submit(detector.load)
        return cls(encoder, thread, detector.detect)

    async def read(self, text: str) -> Reading:
        """A message without words has no vector and wants nothing."""
        words = text.strip()
        if not words:
            return Reading()
        # A digest, so that the words themselves are not kept.
        key = blake2b(words.encode("utf-8", "replace"), digest_size=16).digest()
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        loop = asyncio.get_running_loop()
        reading = await loop.run_in_executor(self._thread, self._read, words)
        self._remembered[key] = reading
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return reading

    def _read(self, words: str) -> Reading:
        # The tokenizer refuses half of a surrogate pair, which broken clients do send.
        clean = words.encode("utf-8", "replace").decode("utf-8")
        vector = self._encoder.encode([clean])[0]
        return Reading(
            vector=tuple(vector.tolist()),
            language=self._detect(clean),
            wants_human=wants_human(clean),
        )
