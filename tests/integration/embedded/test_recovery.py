"""What was killed or left behind does no harm to the next start, nor to anybody else."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from bot.store.embedded import postmaster as postmaster_module
from tests.integration.embedded.support import (
    Owner,
    alive,
    ask,
    child_called,
    fault_of,
    kill_server,
    opened,
    postmaster,
    servers,
    tell,
    wait_until,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def innocent() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        yield process
        process.kill()


def leave_pid_file(data: Path, pid: int) -> None:
    """The file of a server that was killed, and whose number belongs to `pid` since."""
    with opened(data):
        words = (data / "postgres/data/postmaster.pid").read_text()
    old, _, rest = words.partition("\n")
    (data / "postgres/data/postmaster.pid").write_text(f"{pid}\n{rest}")
    # As a kill leaves our own note of the server, too.
    (data / "postgres-control/server").write_text(f'{{"pid": {old}, "clock": 1.0, "uptime": 1.0}}')


def test_a_pid_file_that_names_another_program_is_not_believed(
    data: Path, innocent: subprocess.Popen[bytes]
):
    leave_pid_file(data, innocent.pid)
    with opened(data) as server:
        assert ask(server.url, "SELECT 1") == 1
    assert innocent.poll() is None


def test_a_pid_file_that_names_the_server_of_another_folder_is_not_believed(
    place: Path, data: Path
):
    with Owner(place / "other") as other:
        url = other.url
        leave_pid_file(data, postmaster(place / "other").pid)
        with opened(data) as server:
            assert server.url != url
        assert ask(url, "SELECT 1") == 1


def test_closing_signals_nobody_once_the_server_is_gone(
    data: Path, innocent: subprocess.Popen[bytes]
):
    pid_file = data / "postgres/data/postmaster.pid"
    with opened(data):
        words = pid_file.read_text()
        kill_server(data)
        pid_file.write_text("\n".join([str(innocent.pid), *words.splitlines()[1:], ""]))
    assert innocent.poll() is None


def test_a_server_that_started_at_another_time_than_ours_is_not_signalled(data: Path):
    with Owner(data) as owner:
        assert owner.url
        running = postmaster(data)
        note = data / "postgres-control/server"
        truth = note.read_text()
        note.write_text(f'{{"pid": {running.pid}, "clock": 1.0, "uptime": 1.0}}')
        owner.close()
        assert alive(running)
        note.write_text(truth)
        with opened(data):
            assert postmaster(data) == running
    assert not alive(running)


def test_everything_killed_starts_again_with_its_data(data: Path):
    with Owner(data) as owner:
        url = owner.url
        tell(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        kill_server(data)
        owner.kill()
    with opened(data) as server:
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_a_server_that_cannot_stop_fast_is_stopped_all_the_same(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(postmaster_module, "STOP_S", 1)
    with opened(data) as server:
        tell(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        running = postmaster(data)
        wait_until(lambda: child_called("postgres: walwriter", running)).kill()
        log = data / "postgres.log"
        wait_until(lambda: "reinitializing" in log.read_text())
    assert not alive(running)
    with opened(data) as server:
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_a_killed_server_is_started_again_once_its_children_have_gone(data: Path):
    with opened(data) as server:
        working = threading.Thread(target=_work_hard, args=(server.url,))
        working.start()
        child = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND "
        child += "state = 'active' AND pid <> pg_backend_pid()"
        wait_until(lambda: ask(server.url, f"SELECT exists({child})"))
        worker = psutil.Process(ask(server.url, child))
        postmaster(data).kill()
        wait_until(lambda: not alive(postmaster(data)))
        assert alive(worker)
        with opened(data) as again:
            assert ask(again.url, "SELECT 1") == 1
            assert not alive(worker)
        working.join()


def _work_hard(url: str) -> None:
    with suppress(psycopg.OperationalError):
        ask(url, "SELECT count(*) FROM generate_series(1, 3000000) AS n WHERE n % 7 = 3")


@pytest.mark.parametrize("also_its_children", [True, False])
def test_a_database_that_was_half_made_is_made_again(place: Path, *, also_its_children: bool):
    data = place / "data"
    with Owner(data) as owner:
        wait_until(lambda: list(data.glob("postgres/data.new-*/base")))
        children = psutil.Process(owner.process.pid).children(recursive=True)
        owner.kill()
        for child in children if also_its_children else ():
            with suppress(psutil.NoSuchProcess):
                child.kill()
    with opened(data) as server:
        assert ask(server.url, "SELECT 1") == 1
    wait_until(lambda: not any(map(alive, children)))
    with opened(data):
        assert not list(data.glob("postgres/data.new-*"))


def test_a_starter_that_was_killed_before_noting_the_server_down_left_a_good_server(data: Path):
    with Owner(data) as owner:
        assert owner.url
        running = postmaster(data)
        (data / "postgres-control/server").unlink()
        owner.kill()
    with opened(data):
        assert postmaster(data) == running
        assert (data / "postgres-control/server").exists()
    assert not servers(data)


def test_a_lost_password_is_replaced_by_a_new_one(data: Path):
    with opened(data) as server:
        before = server.url
        tell(before, "CREATE TABLE kept AS SELECT 42 AS answer")
    (data / "postgres-control/password").unlink()
    with opened(data) as server:
        assert server.url != before
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_a_start_that_fails_says_why_and_leaves_no_owner(data: Path):
    (data / "postgres/data/global/pg_control").rename(data / "pg_control")
    fault = fault_of(data)
    assert str(data / "postgres/data") in fault
    assert "PANIC" in fault or "FATAL" in fault or "could not" in fault
    assert str(data / "postgres.log") in fault
    assert not list((data / "postgres-control/owners").iterdir())
