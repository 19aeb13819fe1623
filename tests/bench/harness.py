"""What every part shares: one data folder, programs started on it, and its database."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.domain.knowledge import Article
from bot.store.embedded import EmbeddedPostgres
from bot.store.keyring import Keyring, keyring_file
from knowledge.sources import pack_path, read_paths
from tests.bench.figures import Report
from tests.integration.knowledge.exported import exported
from tests.support.program import Program, reachable_folder
from tests.support.topics import FOR_PEOPLE

LINE = "shop"
_UNBOUND = "1000000"
_RATES = (
    "VISITOR_BURST",
    "VISITOR_PER_SECOND",
    "ADDRESS_BURST",
    "ADDRESS_PER_SECOND",
    "NEWCOMER_BURST",
    "NEWCOMER_PER_SECOND",
)
_LINES = {
    LINE: {
        "title": "the shop",
        "kb": LINE,
        "unknowns_before_handoff": 10,  # a person would answer instead of the bot
    }
}


@dataclass(frozen=True)
class Bench:
    """One run. All parts use the same data folder; `quick` measures less, for a first look.

    `documents` are those taken in beside a running program; made up without.
    """

    data: Path
    report: Report
    quick: bool
    documents: Path | None = None

    @cached_property
    def keyring(self) -> Keyring:
        return keyring_file(self.data / "keys.json")

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """The starter pack, whose questions are asked."""
        return read_paths([pack_path(LINE)])[0]

    @property
    def questions(self) -> tuple[str, ...]:
        """Those that the bot answers itself: whoever waits for a person is not answered."""
        return tuple(one.question for one in self.articles if one.id not in FOR_PEOPLE)

    def program(self, *command: str, more: Mapping[str, str] | None = None) -> Program:
        """A program on the data folder, not started yet; `more` of the environment wins."""
        env = {f"CARELINE_CHAT__RATES__{rate}": _UNBOUND for rate in _RATES}
        env |= {"CARELINE_LINES": json.dumps(_LINES), "CARELINE_LOG__LEVEL": "warning"}
        env |= more or {}
        log = self.data.parent / f"{'-'.join(command) or 'serve'}.log"
        return Program(self.data, *command, env=env, log=log)

    @asynccontextmanager
    async def running(
        self, *command: str, more: Mapping[str, str] | None = None
    ) -> AsyncIterator[Program]:
        """A program that is ready; stopped at the end."""
        program = self.program(*command, more=more)
        await asyncio.to_thread(program.start)
        try:
            yield program
        finally:
            await asyncio.to_thread(program.stop)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """The URL of the data folder's database, kept running meanwhile."""
        server = await EmbeddedPostgres.open(self.data)
        try:
            yield server.url
        finally:
            await server.close()

    async def ingest(self, kb: str) -> tuple[int, float]:
        """Take the starter pack in; how many texts were encoded, in how many seconds."""
        command = ("ingest", str(pack_path(LINE)), "--kb", kb)
        done = await asyncio.to_thread(self.program().command, *command)
        found = re.search(r"(\d+) texts encoded in ([\d.]+) s", done.stdout)
        if done.returncode != 0 or found is None:
            raise RuntimeError(f"the articles were not taken in:\n{done.stdout}{done.stderr}")
        return int(found[1]), float(found[2])


@contextmanager
def prepared(report: Report, *, quick: bool, documents: Path | None = None) -> Iterator[Bench]:
    """A data folder with an encoder and no articles yet; removed at the end."""
    with reachable_folder() as folder:
        data = folder / "data"
        data.mkdir()
        (data / "encoder").symlink_to(exported())
        yield Bench(data, report, quick, documents)
