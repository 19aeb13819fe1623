"""A language model's service in a process of its own: `provider SECONDS`, its address printed.

The clock of the bench must not stand still while it makes up answers.
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


async def _serve(seconds: float) -> None:
    async with model_server() as model:
        model.answer, model.pause = _from_the_article, seconds
        print(model.base, flush=True)  # noqa: T201  whoever started us waits for it
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def _from_the_article(call: dict[str, Any]) -> str:
    return _said(call["messages"][-1]["content"])


@lru_cache
def _said(asked: str) -> str:
    """What a good model would say: the first article's own sentences."""
    article = json.loads(asked)["articles"][0]
    said = [f"{part.rstrip('.')}." for part in article["text"].split(". ")][:3]
    sentences = [{"text": text, "sources": [article["name"]]} for text in said]
    return json.dumps({"sentences": sentences})


@asynccontextmanager
async def provider(seconds: float) -> AsyncIterator[str]:
    """The address of one that thinks for so long; it ends with us."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.provider", str(seconds)), stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    os.nice(_NICE)
    asyncio.run(_serve(float(sys.argv[1])))
