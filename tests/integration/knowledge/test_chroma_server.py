"""Two hosts that share a Chroma server, each with its own folder."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import KnowledgeError
from bot.domain.reading import Reading
from knowledge.chroma import Collections
from knowledge.encoder import ArticleEncoder
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary, Patience
from tests.conformance.library_suite import HOURS, PAYING, RETURNS
from tests.fakes.clock import FakeClock
from tests.fakes.reader import vector_of
from tests.fakes.shelf import FakeShelf
from tests.integration.knowledge.neighbour import encode

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 60.0
QUICK = Patience(search=1.0, server=2.0, retry=0.1, longest=0.1)
ASKED = Reading(vector=vector_of(RETURNS.question))


class Server:
    """A Chroma server on a port that stays the same when it is started again."""

    def __init__(self, folder: Path) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start(folder)

    def start(self, folder: Path) -> None:
        program = Path(sys.executable).with_name("chroma")
        command = [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", self.port]
        self.process = subprocess.Popen(  # noqa: S603 - the program of our own environment
            list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.go_on()
        self.process.terminate()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    try:
        yield server
    finally:
        server.stop()


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


async def test_hosts_share_a_server(server: Server, tmp_path: Path, thread: ThreadPoolExecutor):
    url = server.url
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
    server.stop()
    for host in hosts:
        with pytest.raises(KnowledgeError, match="shop-en-4"):
            await host.consult("shop", RETURNS.question, reading)
        await host.close()


@asynccontextmanager
async def followed(
    server: Server, tmp_path: Path, thread: ThreadPoolExecutor
) -> AsyncIterator[ChromaLibrary]:
    """A library that follows a shelf with one knowledge base, over the server."""
    await until_up(server.url, tmp_path)
    shelf = FakeShelf()
    encoder = ArticleEncoder(encode, "fake")
    await ingest(shelf, encoder, FakeClock(), kb="shop", articles=[RETURNS, PAYING, HOURS])
    library = ChromaLibrary(
        shelf, tmp_path / "host", "fake", thread, url=server.url, patience=QUICK
    )
    await library.open()
    async with asyncio.TaskGroup() as group:
        following = group.create_task(library.follow())
        await shelf.followed_by(1)
        assert await found(library) == RETURNS.id
        yield library
        following.cancel()
    await library.close()


async def found(library: ChromaLibrary) -> str:
    consultation = await library.consult("shop", RETURNS.question, ASKED)
    return consultation.passages[0].article


async def until_served(library: ChromaLibrary) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while library.ailing():  # noqa: ASYNC110 - the library mends without telling anybody
            await asyncio.sleep(0.01)


async def test_a_server_that_hangs_is_given_up_and_found_again(
    server: Server, tmp_path: Path, thread: ThreadPoolExecutor
):
    async with followed(server, tmp_path, thread) as library:
        server.hang()
        with pytest.raises(KnowledgeError, match="takes too long"):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await found(library)
        assert (library.editions(), library.ailing()) == ((), ("shop",))
        with pytest.raises(KnowledgeError, match="just now"):  # at once
            await found(library)
        passage = await library.article("shop", RETURNS.id)
        assert passage is not None  # what needs no search is there
        server.go_on()
        await until_served(library)
        assert await found(library) == RETURNS.id


async def test_a_server_that_comes_back_empty_is_filled_again(
    server: Server, tmp_path: Path, thread: ThreadPoolExecutor
):
    async with followed(server, tmp_path, thread) as library:
        server.stop()
        server.start(tmp_path / "another")
        with pytest.raises(KnowledgeError, match="shop-en-1"):
            await found(library)
        assert (library.editions(), library.ailing()) == ((), ("shop",))
        await until_served(library)
        assert await found(library) == RETURNS.id


async def test_a_server_that_never_answers_cannot_be_opened(tmp_path: Path):
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with pytest.raises(KnowledgeError, match="is the server up"):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.to_thread(Collections.open, tmp_path, url, seconds=0.2)
