"""One running program for all tests that do not harm it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.knowledge.exported import exported
from tests.support.program import Program, reachable_folder


@pytest.fixture(scope="session")
def prepared() -> Iterator[Path]:
    """A data folder after its first start: encoder exported, packs taken in, nothing running."""
    with reachable_folder() as folder:
        data = folder / "data"
        data.mkdir()
        shutil.copytree(exported(), data / "encoder")
        program = Program(data).start()
        assert program.stop() == 0
        yield data


@pytest.fixture(scope="session")
def program(prepared: Path) -> Iterator[Program]:
    """The program, running."""
    running = Program(prepared).start()
    yield running
    running.stop()


@pytest.fixture
def link(program: Program) -> str:
    """A fresh sign-in link of the owner."""
    token = program.command("staff", "link", "owner").stdout.split("token=")[1].strip()
    return f"{program.base}/desk/login?token={token}"
