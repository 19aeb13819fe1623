"""What every writer must do, whatever writes."""

from collections.abc import Sequence

import pytest

from bot.domain.errors import ConnectorError
from bot.domain.knowledge import Passage
from bot.domain.ports import Writer
from bot.domain.writing import Brief, Sentence, Usage

RETURNS = Passage(article="returns", question="How do I return?", text="By post.", score=0.9)
PAYING = Passage(article="paying", question="How do I pay?", text="By card.", score=0.5)
BRIEF = Brief(
    question="return or pay?",
    passages=(RETURNS, PAYING),
    history=(),
    language="en",
    persona="assistant",
)
WRITTEN = (
    Sentence(text="Return it by post.", cites=("returns",)),
    Sentence(text="Pay by card.", cites=("paying",)),
    Sentence(text="Card and post.", cites=("paying", "returns")),
)


class WriterSuite:
    """Subclass it: `writer` writes `WRITTEN`; `failing` gives the first of it and then fails."""

    @pytest.fixture
    def writer(self) -> Writer:
        raise NotImplementedError

    @pytest.fixture
    def failing(self) -> Writer:
        raise NotImplementedError

    async def test_sentences_come_in_order_with_their_articles(self, writer: Writer):
        spent: list[Usage] = []
        assert [one async for one in writer.write(BRIEF, spent.append)] == list(WRITTEN)
        (usage,) = spent
        assert usage.model
        assert min(usage.tokens_in, usage.tokens_out) > 0

    async def test_it_writes_again_and_for_several_at_once(self, writer: Writer):
        one, two = (writer.write(BRIEF, lambda _: None) for _ in range(2))
        said = [(await anext(aiter(one)), await anext(aiter(two))) for _ in WRITTEN]
        assert said == [(sentence, sentence) for sentence in WRITTEN]
        for stream in (one, two):
            await stream.aclose()  # type: ignore[attr-defined]  # both are generators

    async def test_a_failure_is_one_error_and_tells_its_cost(self, failing: Writer):
        spent: list[Usage] = []
        said: list[Sentence] = []
        with pytest.raises(ConnectorError):
            await _take(failing, said, spent)
        assert len(spent) == 1
        assert said == list(WRITTEN[: len(said)])

    async def test_one_that_is_stopped_tells_its_cost(self, writer: Writer):
        spent: list[Usage] = []
        stream = writer.write(BRIEF, spent.append)
        assert await anext(aiter(stream)) == WRITTEN[0]
        await stream.aclose()  # type: ignore[attr-defined]  # a generator
        (usage,) = spent
        assert usage.tokens_in > 0


async def _take(writer: Writer, said: Sequence[Sentence], spent: list[Usage]) -> None:
    assert isinstance(said, list)
    async for one in writer.write(BRIEF, spent.append):
        said.append(one)
