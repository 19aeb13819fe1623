"""A place for data folders that other users can pass through, empty of servers when a test ends."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.embedded.binaries import _installed
from tests.integration.embedded.support import AS_ROOT, opened, servers

collect_ignore = [] if AS_ROOT else ["test_as_root.py"]


def _new_place() -> Path:
    # Not tmp_path: as root that is inside a folder which the server's user cannot enter.
    place = Path(tempfile.mkdtemp(prefix="careline-test-")).resolve()
    place.chmod(0o711)
    return place


@pytest.fixture
def place() -> Iterator[Path]:
    place = _new_place()
    yield place
    left = servers(place)
    for process in left:
        process.kill()
    shutil.rmtree(place)
    assert not left


@pytest.fixture(scope="session")
def example() -> Iterator[Path]:
    """A data folder with a database in it, for tests that leave it as they found it."""
    place = _new_place()
    with opened(place / "data"):
        pass
    yield place / "data"
    assert not servers(place)
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def programs() -> Iterator[Path]:
    """PostgreSQL where every user can reach it, as the wheel would be installed."""
    place = _new_place()
    (binaries, *_) = sorted(_installed(), key=lambda found: -found.major)
    yield binaries.copied_to(place).root.parents[1]
    shutil.rmtree(place)


@pytest.fixture
def data(place: Path, example: Path) -> Path:
    """A data folder that has been used before, for tests that change it."""
    data = place / "data"
    subprocess.run(["/bin/cp", "-Rp", example, data], check=True)  # noqa: S603 - nothing foreign
    return data
