"""A serving process from start to answer; prints the packages it has imported."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from knowledge.readings import EncoderReader
from tests.conformance.library_suite import RETURNS, SHOP
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import FakeShelf


async def serve(encoder_folder: Path, folder: Path) -> None:
    encoder = Encoder.open(encoder_folder)
    shelf = FakeShelf()
    for_articles = ArticleEncoder(encoder.encode, encoder.fingerprint)
    await ingest(shelf, for_articles, FakeClock(), kb="shop", articles=SHOP)
    with ThreadPoolExecutor(1) as thread:
        library = ChromaLibrary(shelf, folder, encoder.fingerprint, thread)
        await library.open()
        reading = await EncoderReader(encoder, thread).read(RETURNS.question)
        found = await library.consult("shop", RETURNS.question, reading)
        assert found.passages[0].article == RETURNS.id
        await library.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
    sys.stdout.write(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
