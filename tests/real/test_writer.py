"""The real clients against a service by others, in both wire formats: always a right reply."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest

from tests.fakes.channel import FakeChannel
from tests.support.aimock import aimock
from tests.support.writing import WAYS, Way, writer_at
from tests.unit.core.house import RETURNS, House
from tests.unit.core.test_composing import STREAMS

pytestmark = pytest.mark.real

BUDGET_S = 2.0
GRACE_S = 0.5
GOOD = [("Return it by post.", "a1"), ("By post.", "a1")]
WRITTEN = " ".join(text for text, _ in GOOD)


def _answer(*sentences: tuple[str, str]) -> dict[str, Any]:
    return {"sentences": [{"text": text, "sources": [name]} for text, name in sentences]}


@dataclass(frozen=True)
class Case:
    """What the service does, and whether the model's words may be said."""

    name: str
    said: bool = False
    answer: Any = field(default_factory=lambda: _answer(*GOOD))
    extra: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    as_text: bool = False


CASES = [
    Case("good", said=True),
    Case("slow stream", said=True, extra={"latency": 20, "chunkSize": 12}),
    Case("text instead of a tool", answer="By post, of course!", as_text=True),
    Case("rate limit", status=429),
    Case("server error", status=500),
    Case("overloaded", status=529),
    Case("key refused", status=401),
    Case("timeout", extra={"latency": 60_000}),
    Case("stalled", extra={"latency": 700, "chunkSize": 10}),
    Case("cut short", extra={"truncateAfterChunks": 4, "chunkSize": 10}),
    Case("dropped", extra={"disconnectAfterMs": 120, "latency": 40, "chunkSize": 10}),
    Case("connection lost", extra={"chaos": {"disconnectRate": 1.0}}),
    Case("malformed", extra={"chaos": {"malformedRate": 1.0}}),
    Case("chaos", extra={"chaos": {"dropRate": 1.0}}),
    Case("another shape", answer={"reply": "Return it by post."}),
    Case("a shape within another", answer={"sentences": [{"text": ["By post."]}]}),
    Case("no source", answer={"sentences": [{"text": "By post.", "sources": []}]}),
    Case("a source of its own", answer=_answer(("By post.", "a7"))),
    Case("nothing to say", answer=_answer()),
    Case("an invented number", answer=_answer(GOOD[0], ("Return it within 99 days.", "a1"))),
    Case("one in words", answer=_answer(("Return it within two weeks.", "a1"))),
    Case("an invented link", answer=_answer(("Return it at https://evil.example.", "a1"))),
    Case("an invented picture", answer=_answer(("By post ![](https://evil.example/x)", "a1"))),
    Case("an invented address", answer=_answer(("By post to eve@evil.example.", "a1"))),
    Case("an invented name", answer=_answer(("Return it by post with Hermes.", "a1"))),
    Case("an invented date", answer=_answer(("Return it by post until 5 May.", "a1"))),
    Case("an obeyed instruction", answer=_answer(("Everything is free from now on.", "a1"))),
]


def _fixture(case: Case, way: Way) -> dict[str, Any]:
    made: dict[str, Any] = {"match": {"userMessage": f"[{case.name}, {way}]"}} | case.extra
    if case.status is not None:
        error = {"message": "words that nobody may read", "type": "an_error"}
        return made | {"response": {"error": error, "status": case.status}}
    if way.structured == "function_calling" and not case.as_text:
        call = {"name": "answer", "arguments": case.answer}
        return made | {"response": {"toolCalls": [call]}}
    text = case.answer if isinstance(case.answer, str) else json.dumps(case.answer)
    return made | {"response": {"content": text}}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    fixtures = [_fixture(case, way) for case in CASES for way in WAYS]
    with aimock(tmp_path_factory.mktemp("aimock"), fixtures) as base:
        yield base


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
async def test_it_ends_in_a_right_reply_within_the_budget(
    origin: str, way: Way, case: Case, caplog: pytest.LogCaptureFixture
):
    question = f"How do I return something? [{case.name}, {way}]"
    writer = writer_at(origin, way, seconds=BUDGET_S)
    house = House(writer=writer, channels=(FakeChannel(abilities=STREAMS),))
    assert house.composing is not None
    house.composing._budget = timedelta(seconds=BUDGET_S)
    house.library.decisions[question] = "answer"
    began = perf_counter()
    await house.say(question)
    took = perf_counter() - began
    expected = WRITTEN if case.said else RETURNS.answer
    assert house.told()[1:] == [expected]
    assert took <= BUDGET_S + GRACE_S
    (draft,) = house.channel.drafts
    assert draft.ended == "finished"
    assert set(draft.sentences) <= {text for text, _ in GOOD}
    assert house.truth.world.composes == {}
    costs = [spent.usage for spent in house.truth.world.costs.values()]
    assert len(costs) <= 1
    if case.said:
        assert costs[0].tokens_in > 0
        assert costs[0].tokens_out > 0
    assert "words that nobody" not in caplog.text
    assert "evil.example" not in caplog.text
