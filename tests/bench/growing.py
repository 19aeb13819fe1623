"""A process that takes in as many articles as it is told: `growing DATA URL COUNT`."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.storage import SystemClock
from bot.store.database import Database
from bot.store.keyring import keyring_file
from bot.store.notices import PostgresNotices
from bot.store.shelf import PostgresShelf
from knowledge.ahead import ShelfBuiltAhead
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest
from knowledge.sources import pack_path, read_paths
from tests.bench.harness import LINE
from tests.bench.shelves import directions, filler

_NICE = 10


async def grow(data: Path, url: str, count: int) -> None:
    """As `careline ingest` does it, but for vectors of random directions."""
    os.nice(_NICE)
    threads = ThreadPoolExecutor(4, "ingest")
    asyncio.get_running_loop().set_default_executor(threads)
    encoder = Encoder.open(data / "encoder")
    synthetic = ArticleEncoder(directions(encoder.dims), encoder.fingerprint)
    pack, _ = read_paths([pack_path(LINE)])
    articles = (*pack, *filler(count - len(pack)))
    database = Database(url, keyring_file(data / "keys.json"))
    try:
        shelf = ShelfBuiltAhead(PostgresShelf(database, PostgresNotices(database)), data / "index")
        await ingest(shelf, synthetic, SystemClock(), kb=LINE, articles=articles)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(grow(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
