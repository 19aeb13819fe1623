"""Reads a message: one encode for each distinct text, whatever it is then used for."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
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
        self._underway: dict[bytes, asyncio.Future[Reading]] = {}

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
        key = _key(words)
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        return await asyncio.shield(self._underway.get(key) or self._begin(key, words))

    def ahead(self, text: str) -> None:
        """Begin to read what will be asked for in a moment, if nothing else is being read.

        With more to do than one message it would only bring forward what may be forgotten again.
        """
        words = text.strip()
        if words and not self._underway and (key := _key(words)) not in self._remembered:
            _ = self._begin(key, words)

    def _begin(self, key: bytes, words: str) -> "asyncio.Future[Reading]":
        loop = asyncio.get_running_loop()
        begun = self._underway[key] = loop.run_in_executor(self._thread, self._read, words)
        begun.add_done_callback(partial(self._remember, key))
        return begun

    def _remember(self, key: bytes, read: "asyncio.Future[Reading]") -> None:
        del self._underway[key]
        if read.cancelled() or read.exception() is not None:
            return  # whoever waits for it is told, and the next one tries again
        self._remembered[key] = read.result()
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    def _read(self, words: str) -> Reading:
        # The tokenizer refuses half of a surrogate pair, which broken clients do send.
        clean = words.encode("utf-8", "replace").decode("utf-8")
        vector = self._encoder.encode([clean])[0]
        return Reading(
            vector=tuple(vector.tolist()),
            language=self._detect(clean),
            wants_human=wants_human(clean),
        )


def _key(words: str) -> bytes:
    """A digest, so that the words themselves are not kept."""
    return blake2b(words.encode("utf-8", "replace"), digest_size=16).digest()
