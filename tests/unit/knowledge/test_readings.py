"""A repeated text is not encoded again, and odd texts do no harm."""

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
    """An encoder that keeps what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
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
