"""What every reader must do."""

from math import isclose, sqrt

import pytest

from bot.domain.ports import Reader
from bot.domain.reading import Reading


class ReaderSuite:
    """Subclass it and give it a reader."""

    @pytest.fixture
    def reader(self) -> Reader:
        raise NotImplementedError

    @pytest.mark.parametrize("text", ["", "   ", "\n\t"])
    async def test_no_words_no_signals(self, reader: Reader, text: str):
        assert await reader.read(text) == Reading()

    @pytest.mark.parametrize("text", ["hi", "Where is my parcel?", "?", "日本", "\ud83d", "x\0y"])
    async def test_words_have_a_unit_vector(self, reader: Reader, text: str):
        vector = (await reader.read(text)).vector
        assert len(vector) == 384
        assert isclose(sqrt(sum(one * one for one in vector)), 1.0, abs_tol=1e-3)

    async def test_any_length_is_read(self, reader: Reader):
        assert len((await reader.read("a long story " * 5000)).vector) == 384

    async def test_equal_words_read_equally(self, reader: Reader):
        assert await reader.read("Where is it?") == await reader.read("Where is it?")
        assert await reader.read("Where is it?") == await reader.read("  Where is it?\n")

    async def test_feelings_are_not_read_unasked(self, reader: Reader):
        text = "I am furious, and in tears!!!"
        await reader.read(text, feelings=True)
        reading = await reader.read(text)
        assert (reading.anger, reading.distress, reading.sentiment) == (0.0, 0.0, 0.0)

    async def test_it_hears_a_request_for_a_person(self, reader: Reader):
        assert (await reader.read("a human please")).wants_human >= 0.5
        assert (await reader.read("where is my parcel")).wants_human < 0.5

    @pytest.mark.parametrize("text", ["Where is my parcel?", "", "\ud83d"])
    async def test_words_told_of_before_read_the_same(self, reader: Reader, text: str):
        plain = await reader.read(text)
        reader.ahead(text + " now")
        reader.ahead(text)
        assert await reader.read(text) == plain
        assert len((await reader.read("new " + text)).vector) == 384
