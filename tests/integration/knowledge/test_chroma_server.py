"""Two hosts that share a Chroma server, each with its own folder."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import KnowledgeError
from bot.domain.reading import Reading
from knowledge.chroma import Collections
from knowledge.encoder import ArticleEncoder
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from tests.conformance.library_suite import HOURS, PAYING, RETURNS
from tests.fakes.clock import FakeClock
from tests.fakes.reader import vector_of
from tests.fakes.shelf import FakeShelf
from tests.integration.knowledge.neighbour import encode

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 60.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    command = [program, "run", "--path", tmp_path / "server", "--host", "127.0.0.1"]
    process = subprocess.Popen(  # noqa: S603 - the program of our own environment
        [*map(str, command), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait()


async def until_up(url: str, folder: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                opened = await asyncio.to_thread(Collections.open, folder, url)
            except KnowledgeError:
                await asyncio.sleep(0.1)
            else:
                opened.close()
                return


async def test_hosts_share_a_server(
    server: tuple[str, subprocess.Popen[bytes]], tmp_path: Path, thread: ThreadPoolExecutor
):
    url, process = server
    await until_up(url, tmp_path)
    shelf = FakeShelf()
    hosts = [ChromaLibrary(shelf, tmp_path / name, "fake", thread, url=url) for name in ("a", "b")]
    reading = Reading(vector=vector_of(RETURNS.question))
    for number in range(4):
        articles = [replace(RETURNS, answer=f"Answer {number}."), PAYING, HOURS]
        encoder = ArticleEncoder(encode, "fake")
        await ingest(shelf, encoder, FakeClock(), kb="shop", articles=articles)
        await asyncio.gather(*(host.refresh() for host in hosts))
        for host in hosts:
            found = await host.consult("shop", RETURNS.question, reading)
            assert found.passages[0].text == f"Answer {number}."
    process.terminate()
    process.wait()
    for host in hosts:
        with pytest.raises(KnowledgeError, match="shop-en-4"):
            await host.consult("shop", RETURNS.question, reading)
        await host.close()
