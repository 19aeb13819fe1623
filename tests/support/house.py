"""A product of a test's own: a PostgreSQL given by URL, a little knowledge, nobody else in it."""

import asyncio
import base64
import json
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from bot.domain.knowledge import Article
from bot.main import encoder_folder
from bot.settings import DatabaseSection, Settings
from bot.storage import open_storage
from bot.store.embedded import EmbeddedPostgres, postmaster
from bot.store.embedded.folder import Folder
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest
from knowledge.sources import pack_path, read_paths
from tests.integration.knowledge.exported import exported
from tests.support.program import Program, reachable_folder

T = TypeVar("T")
STOP_S = 20
KEYS = json.dumps(
    {
        "pepper": base64.b64encode(bytes(range(32))).decode(),
        "keys": {"1": base64.b64encode(bytes(range(32, 64))).decode()},
    }
)
KNOWN = (
    "delivery-time",
    "delivery-cost",
    "delivery-abroad",
    "cancel-order",
    "change-order",
    "change-email",
    "charged-twice",
    "create-account",
    "return-window",
    "card-security",
)
"""The articles of the shop's pack that the house knows."""


def aside(act: Callable[[], Awaitable[T]]) -> T:
    """Run something on a loop that is not the tests'."""

    async def whole() -> T:
        return await act()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(whole())).result()


class Postgres:
    """A server that can be taken away as by a power cut, and given back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened = aside(lambda: EmbeddedPostgres.open(folder))
        self.url = self._opened.url

    def stop(self) -> None:
        """As `pg_ctl stop -m immediate` does."""
        folder = Folder(data=self._folder.resolve())
        found = postmaster.find(folder)
        assert found is not None, "there is no server to stop"
        found.process.send_signal(signal.SIGQUIT)
        deadline = time.monotonic() + STOP_S
        while postmaster.find(folder) is not None:
            assert time.monotonic() < deadline, "the server does not stop"
            time.sleep(postmaster.POLL_S)

    def start(self) -> None:
        again = aside(lambda: EmbeddedPostgres.open(self._folder))
        aside(self._opened.close)  # the newer one keeps it running
        self._opened = again

    def close(self) -> None:
        aside(self._opened.close)


class House:
    """A folder with a server, from which programs are started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir()
        shutil.copytree(exported(), encoder_folder(self.settings()))
        self.postgres = Postgres(folder / "database")
        self._programs: list[Program] = []

    def settings(self, url: str | None = None) -> Settings:
        database = DatabaseSection(url=SecretStr(url) if url else None)
        return Settings(data=self.data, database=database, keys=SecretStr(KEYS))

    def environment(self) -> dict[str, str]:
        return {
            "CARELINE_DATABASE__URL": self.postgres.url,
            "CARELINE_KEYS": KEYS,
            "CARELINE_KNOWLEDGE__PACKS": "false",
        }

    def stock(self, articles: Sequence[Article] = (), *, kb: str = "shop") -> None:
        """Publish articles, as `careline ingest` does, on the encoder that serves."""
        found = Encoder.open(encoder_folder(self.settings()), precision="fp32", threads=2)
        encoder = ArticleEncoder(found.encode, found.fingerprint)
        wanted = articles or known_articles()

        async def publish() -> None:
            async with open_storage(self.settings(self.postgres.url)) as storage:
                await ingest(storage.shelf, encoder, storage.clock, kb=kb, articles=wanted)

        aside(publish)

    def program(
        self,
        *command: str,
        env: Mapping[str, str] | None = None,
        name: str = "program",
        module: Sequence[str] = ("bot",),
    ) -> Program:
        """A program on this house, not yet started; it is stopped with the house."""
        made = Program(
            self.data,
            *command,
            env=self.environment() | dict(env or {}),
            log=self.folder / f"{name}.log",
            module=module,
        )
        self._programs.append(made)
        return made

    def close(self) -> None:
        for program in self._programs:
            program.end()
        self.postgres.close()


def known_articles() -> tuple[Article, ...]:
    found, _ = read_paths([pack_path("shop")])
    return tuple(article for article in found if article.id in KNOWN)


@contextmanager
def open_house(*, stocked: bool = True) -> Iterator[House]:
    """A house with the shop's line stocked (and the IT line the same), until it is left."""
    with reachable_folder() as folder:
        house = House(folder)
        try:
            if stocked:
                house.stock()
                house.stock(kb="it-helpdesk")
            yield house
        finally:
            house.close()
