"""What `careline check` says of a language model."""

from collections.abc import AsyncIterator

import pytest

from bot.writer.probe import trouble
from tests.doubles.model_server import Fault, ModelServer, model_server
from tests.support.writing import KEY, WAYS, Way, config_at, writer_at


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as serving:
        serving.say(("We are open from 9.", "a1"))
        yield serving


async def said_of(base: str, way: Way) -> str | None:
    config = config_at(base, way, seconds=1)
    wrong = await trouble(writer_at(base, way, seconds=1), config)
    assert wrong is None or KEY not in wrong
    return wrong


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_model_that_writes_is_in_order(server: ModelServer, way: Way):
    assert await said_of(server.base, way) is None


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (401, "writer.api_key: the key is not accepted"),
        (403, "may not use this model"),
        (404, "does not know test-model"),
        (429, "is there credit left"),
        (400, "refuses these settings"),
        (503, "fails just now"),
        ("stalled", "did not answer within 1 s"),
        ("empty", "try writer.structured"),
    ],
)
async def test_what_is_wrong_is_said(server: ModelServer, way: Way, fault: Fault, words: str):
    server.faults = [fault]
    assert words in (await said_of(server.base, way) or "")


async def test_nobody_there():
    assert "cannot be reached" in (await said_of("http://127.0.0.1:9", WAYS[0]) or "")


async def test_a_model_with_nothing_to_say(server: ModelServer):
    server.say()
    assert "no sentence" in (await said_of(server.base, WAYS[0]) or "")
