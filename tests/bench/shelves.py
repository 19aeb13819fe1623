"""Knowledge bases of any size: the starter pack, and articles with synthetic vectors beside it.

They come in through the same ports as all others; only the encoder is another one, which gives
each new text a random direction. The pack's own texts keep their real vectors.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from bot.domain.knowledge import Article
from bot.domain.ports import Edition
from bot.storage import SystemClock
from bot.store.database import Database
from bot.store.notices import PostgresNotices
from bot.store.shelf import PostgresShelf
from knowledge import rowfile
from knowledge.encoder import ArticleEncoder, Encode, Encoder, Vectors
from knowledge.index import Place
from knowledge.ingest import ingest
from tests.bench.harness import LINE, Bench

BUILT_S = 1800
"""Seconds in which an index must be built; 100,000 articles take minutes."""
_LOOK_S = 0.5
_WORDS = 40


def filler(count: int) -> tuple[Article, ...]:
    """Articles of meaningless words."""
    dice = random.Random(count)  # noqa: S311  repeatable, not secret
    words = ["".join(dice.choices("abcdefghijklmnoprstuvw", k=7)) for _ in range(20_000)]
    return tuple(
        Article(
            id=f"filler-{number:06}",
            question=" ".join(dice.choices(words, k=6)),
            answer=" ".join(dice.choices(words, k=_WORDS)),
        )
        for number in range(count)
    )


async def grow(bench: Bench, url: str, articles: int) -> None:
    """Publish an edition of so many articles, and wait until a running program has built it."""
    async with _shelf(bench, url) as shelf:
        encoder = Encoder.open(bench.data / "encoder")
        synthetic = ArticleEncoder(directions(encoder.dims), encoder.fingerprint)
        more = filler(articles - len(bench.articles))
        await ingest(shelf, synthetic, SystemClock(), kb=LINE, articles=(*bench.articles, *more))
        edition = next(one for one in await shelf.live() if one.kb == LINE)
    await _built(bench.data / "index", edition)


async def _built(folder: Path, edition: Edition) -> None:
    place = Place.of(folder, edition, "en")
    async with asyncio.timeout(BUILT_S):
        while True:
            if rowfile.read(place.folder / place.name, place.stamp) is not None:
                return
            await asyncio.sleep(_LOOK_S)


@asynccontextmanager
async def _shelf(bench: Bench, url: str) -> AsyncIterator[PostgresShelf]:
    database = Database(url, bench.keyring)
    try:
        yield PostgresShelf(database, PostgresNotices(database))
    finally:
        await database.close()


def directions(dims: int) -> Encode:
    """Stands for an encoder: each text gets a random direction."""
    numbers = np.random.default_rng(dims)

    def encode(texts: Sequence[str]) -> Vectors:
        rows = numbers.standard_normal((len(texts), dims), dtype=np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    return encode
