"""A language model's service in a process of its own: `provider SECONDS QUICK`.

It prints its address. The clock of the bench must not stand still while it makes up answers.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from tests.doubles.model_server import model_server

_NICE = 5
"""Its work is done elsewhere in truth."""


async def _serve(seconds: float, quick: int) -> None:
    async with model_server() as model:

        def answer(call: dict[str, Any]) -> str:
            model.pause = seconds if len(model.calls) >= quick else 0
            return _said(call["messages"][-1]["content"])

        model.answer = answer
        print(model.base, flush=True)  # noqa: T201  whoever started us waits for it
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@lru_cache
def _said(asked: str) -> str:
    """What a good model would say: the first article's own sentences."""
    article = json.loads(asked)["articles"][0]
    said = [f"{part.rstrip('.')}." for part in article["text"].split(". ")][:3]
    sentences = [{"text": text, "sources": [article["name"]]} for text in said]
    return json.dumps({"sentences": sentences})


@asynccontextmanager
async def provider(seconds: float, quick: int) -> AsyncIterator[str]:
    """The address of one that thinks for so long, but for its first answers; it ends with us."""
    command = (sys.executable, "-m", "tests.bench.provider", str(seconds), str(quick))
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    os.nice(_NICE)
    asyncio.run(_serve(float(sys.argv[1]), int(sys.argv[2])))
