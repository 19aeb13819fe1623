"""A repeated text is not encoded again, and odd texts do no harm."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from typing_extensions import override

from knowledge.encoder import Vectors
from knowledge.readings import REMEMBERED, EncoderReader
from tests.conformance.reader_suite import ReaderSuite
from tests.fakes.reader import vector_of


class Counting:
    """An encoder that keeps what it was given; it fails as often as it is told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.failing = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the encoder fails")
        self.texts.extend(texts)
        return np.array([vector_of(text) for text in texts], dtype=np.float32)


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


class TestEncoderReader(ReaderSuite):
    @pytest.fixture
    @override
    def reader(self, counting: Counting, thread: ThreadPoolExecutor) -> EncoderReader:
        return EncoderReader(counting, thread)

    async def test_one_encode_for_each_text(self, reader: EncoderReader, counting: Counting):
        for text in ("hi", "hi ", "there", "hi"):
            await reader.read(text)
        assert counting.texts == ["hi", "there"]

    async def test_wordless_texts_are_not_encoded(self, reader: EncoderReader, counting: Counting):
        await reader.read(" ")
        assert counting.texts == []

    async def test_it_remembers_the_recent_ones_only(
        self, reader: EncoderReader, counting: Counting
    ):
        await reader.read("first")
        for number in range(REMEMBERED - 1):
            await reader.read(str(number))
        await reader.read("first")
        await reader.read("one more")
        counting.texts.clear()
        await reader.read("first")
        await reader.read("0")
        assert counting.texts == ["0"]

    async def test_what_is_read_ahead_is_encoded_once(
        self, reader: EncoderReader, counting: Counting
    ):
        reader.ahead("hi")
        both = await asyncio.gather(reader.read("hi"), reader.read(" hi"))
        reader.ahead("hi")
        assert both[0] == both[1]
        assert counting.texts == ["hi"]

    async def test_it_reads_one_message_ahead_and_no_more(
        self, reader: EncoderReader, counting: Counting
    ):
        for text in ("first", "second", "third"):
            reader.ahead(text)
        await reader.read("first")
        assert counting.texts == ["first"]

    async def test_an_encoder_that_fails_fails_whoever_asks(
        self, reader: EncoderReader, counting: Counting
    ):
        counting.failing = 1
        reader.ahead("hi")
        with pytest.raises(RuntimeError):
            await reader.read("hi")
        assert (await reader.read("hi")).vector
