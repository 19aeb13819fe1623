"""What the writer's process says to whoever started it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable

from bot.domain.writing import Sentence, Usage
from bot.writer import wire
from bot.writer.child import _Turns
from bot.writer.prompt import Asked

ASKED = Asked(rules="r", data="d", names={})


class Unhurried:
    """A writer that waits for ever."""

    async def answer(
        self, _asked: Asked, spend: Callable[[Usage], None]
    ) -> AsyncGenerator[Sentence]:
        try:
            await asyncio.Event().wait()
            yield Sentence(text="", cites=())
        finally:
            spend(Usage(model="m", tokens_in=7))


async def last_words(pauses: int) -> list[dict[str, object]]:
    """What is said of a turn that is stopped so many rounds of the loop after it was asked."""
    said: list[bytes] = []
    async with asyncio.TaskGroup() as group:
        turns = _Turns(group, Unhurried(), said.append)  # type: ignore[arg-type]  # answers alone
        turns.hear(json.loads(wire.asked_line(1, ASKED)))
        for _ in range(pauses):
            await asyncio.sleep(0)
        turns.hear({"turn": 1, "stop": True})
    await asyncio.sleep(0)
    return [json.loads(line) for line in said]


async def test_a_turn_that_is_stopped_as_it_begins_has_a_last_word():
    (last,) = await last_words(0)
    assert (last["turn"], last["failed"]) == (1, "CancelledError")


async def test_a_turn_that_is_stopped_later_says_what_it_has_used():
    (last,) = await last_words(3)
    assert last["usage"] == {"model": "m", "tokens_in": 7, "tokens_out": 0, "micros": 0}
