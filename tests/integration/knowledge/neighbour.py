"""One of several processes that serve the same editions out of the same folder."""

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot.domain.knowledge import Article
from bot.domain.reading import Reading
from knowledge.encoder import ArticleEncoder, Vectors
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from tests.fakes.clock import FakeClock
from tests.fakes.reader import vector_of
from tests.fakes.shelf import FakeShelf

ARTICLES = 260  # enough rows for Chroma to write its index to disk
QUESTIONS = 52


def encode(texts: Sequence[str]) -> Vectors:
    return np.array([vector_of(text) for text in texts], dtype=np.float32)


def edition(number: int) -> list[Article]:
    return [
        Article(
            id=f"a{place:03}",
            question=f"alpha{place} beta{place * 7} gamma{place * 31}",
            variants=(f"delta{place} epsilon{place * 11}", f"zeta{place} eta{place * 13}"),
            answer=f"Answer {place} of edition {number}.",
        )
        for place in range(ARTICLES)
    ]


async def live(folder: Path, editions: int) -> int:
    """Count the questions that were not answered by their article in the live edition."""
    shelf, faults = FakeShelf(), 0
    with ThreadPoolExecutor(1) as thread:
        library = ChromaLibrary(shelf, folder, "fake", thread)
        for number in range(editions):
            articles = edition(number)
            encoder = ArticleEncoder(encode, "fake")
            await ingest(shelf, encoder, FakeClock(), kb="kb", articles=articles)
            await library.refresh()
            for article in articles[:: ARTICLES // QUESTIONS]:
                reading = Reading(vector=vector_of(article.question))
                found = await library.consult("kb", article.question, reading)
                faults += found.passages[0].text != article.answer
        await library.close()
    return faults


if __name__ == "__main__":
    sys.stdout.write(f"faults: {asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2])))}\n")
