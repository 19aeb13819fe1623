"""The physical floor of a turn: one encode, one Chroma query, three bare commits."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import psycopg

from knowledge.chroma import Collections, Nearest
from knowledge.encoder import Encoder
from tests.bench.harness import Bench
from tests.bench.load import numbered

_COMMITS = 3
_NEAREST = 50
_ROW = b"x" * 500
_INSERT = "INSERT INTO bench_floor (body) VALUES (%s)"


class Floor:
    """Does the unavoidable by itself, with nothing around it, and notes how long it takes."""

    def __init__(
        self,
        encoder: Encoder,
        nearest: Nearest,
        connection: psycopg.Connection,
        texts: Iterator[str],
    ) -> None:
        self.seconds: list[float] = []
        self._encoder = encoder
        self._nearest = nearest
        self._connection = connection
        self._texts = texts

    async def once(self) -> None:
        """One round, on this thread: nothing else is to be measured."""
        text = next(self._texts)
        began = perf_counter()
        vector = self._encoder.encode([text])[0]
        self._nearest.rows(vector, _NEAREST)
        for _ in range(_COMMITS):
            self._connection.execute(_INSERT, [_ROW])
        self.seconds.append(perf_counter() - began)


@asynccontextmanager
async def open_floor(bench: Bench, folder: Path, url: str) -> AsyncIterator[Floor]:
    """The floor on the same database server, with as many vectors as the starter pack has."""
    encoder = Encoder.open(bench.data / "encoder")
    collections = Collections.open(folder)
    texts = [text for one in bench.articles for text in (one.question, *one.variants)]
    nearest = collections.fill("floor", "floor", encoder.encode(texts))
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS bench_floor (id serial, body bytea)")
            yield Floor(encoder, nearest, connection, numbered(bench.questions))
            connection.execute("DROP TABLE bench_floor")
    finally:
        collections.close()
