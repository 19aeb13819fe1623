"""Reads a message: one encode for each distinct text, whatever it is then used for."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import cache, partial
from hashlib import blake2b
from typing import Protocol, TypeAlias

import numpy as np

from bot.domain.reading import Reading
from knowledge.detector import LanguageDetector
from knowledge.encoder import Encoder, Vectors
from knowledge.signals import Signals

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

    `detect` tells the language of a text, or None where it is not sure. `signals` may come late:
    it is asked on `thread` first.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        thread: Executor,
        detect: Detect = _any_language,
        signals: Callable[[], Signals] = Signals,
    ) -> None:
        self._encoder = encoder
        self._thread = thread
        self._detect = detect
        self._signals_of = signals
        self._signals: Signals | None = None
        self._remembered: OrderedDict[bytes, Reading] = OrderedDict()
        self._underway: dict[bytes, asyncio.Future[Reading]] = {}

    @classmethod
    def multilingual(cls, encoder: Encoder, thread: Executor) -> "EncoderReader":
        """One that tells languages, moods and topics too.

        It loads what that takes (0.4 s) beside the start.
        """
        detector = LanguageDetector()
        thread.submit(detector.load)
        signals = cache(lambda: Signals.of(encoder.fingerprint))
        thread.submit(signals)
        return cls(encoder, thread, detector.detect, signals)

    async def read(self, text: str, *, feelings: bool = False) -> Reading:
        """A message without words has no vector and wants nothing.

        Feelings are read for the one who asks, and not remembered.
        """
        words = text.strip()
        if not words:
            return Reading()
        key = _key(words)
        if key in self._remembered:
            self._remembered.move_to_end(key)
            reading = self._remembered[key]
        else:
            reading = await asyncio.shield(self._underway.get(key) or self._begin(key, words))
        return self._with_feelings(words, reading) if feelings else reading

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

    def _with_feelings(self, words: str, reading: Reading) -> Reading:
        assert self._signals is not None  # noqa: S101 - a reading was made with them
        vector = np.array(reading.vector, dtype=np.float32)
        return replace(reading, **self._signals.feelings(words, vector, reading.language))

    def _read(self, words: str) -> Reading:
        # The tokenizer refuses half of a surrogate pair, which broken clients do send.
        clean = words.encode("utf-8", "replace").decode("utf-8")
        vector = self._encoder.encode([clean])[0]
        if self._signals is None:
            self._signals = self._signals_of()
        language = self._detect(clean)
        return Reading(
            vector=tuple(vector.tolist()),
            language=language,
            **self._signals.topics(clean, vector, language),
        )


def _key(words: str) -> bytes:
    """A digest, so that the words themselves are not kept."""
    return blake2b(words.encode("utf-8", "replace"), digest_size=16).digest()
