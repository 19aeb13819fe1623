"""What people write never reaches the log of the server."""

import threading
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.integration.embedded.support import ask, opened, tell, wait_until

pytestmark = pytest.mark.integration

WORDS = "my card ends in 4242 and the parcel never came"

FAILING = {
    "a value of the wrong type": "SELECT '{}'::int",
    "a syntax error": 'SELECT "{}',
    "a missing column": 'SELECT "{}"',
    "a duplicate": "INSERT INTO said VALUES ('{0}'), ('{0}')",
    "a null": "INSERT INTO said VALUES (NULL, '{}')",
    "an exception": "DO $$ BEGIN RAISE EXCEPTION '{}'; END $$",
    "a statement that is cancelled": "SET statement_timeout = 1; SELECT pg_sleep(1), '{}'",
}
READY = "ready to accept connections"
WARNING = f"DO $$ BEGIN RAISE WARNING '{WORDS}'; END $$"


def log_of(data: Path) -> str:
    return (data / "postgres.log").read_text(encoding="utf-8")


def test_failing_statements_leave_no_words(data: Path):
    with opened(data) as server:
        tell(server.url, "CREATE TABLE said (words text PRIMARY KEY, what text)")
        for statement in FAILING.values():
            with pytest.raises(psycopg.Error):
                tell(server.url, statement.format(WORDS))
        with pytest.raises(psycopg.Error), psycopg.connect(server.url) as connection:
            connection.execute("SELECT %s::text::int", (WORDS,))
        tell(server.url, WARNING)
    log = log_of(data)
    assert READY in log
    assert WORDS not in log
    assert "card" not in log


def test_the_role_cannot_turn_logging_on(example: Path):
    with opened(example) as server:
        for setting in ("log_statement = 'all'", "log_min_messages = 'error'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                tell(server.url, f"SET {setting}")


def test_a_session_that_is_killed_leaves_no_words(data: Path):
    with opened(data) as server:
        talking = threading.Thread(target=_talk, args=(server.url,))
        talking.start()
        starts = log_of(data).count(READY)
        find = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND "
        find += "state = 'active' AND pid <> pg_backend_pid()"
        wait_until(lambda: ask(server.url, f"SELECT exists({find})"))
        psutil.Process(ask(server.url, find)).kill()
        talking.join()
        wait_until(lambda: "was terminated by signal" in log_of(data))
        wait_until(lambda: log_of(data).count(READY) > starts)
    assert WORDS not in log_of(data)
    assert "card" not in log_of(data)


def _talk(url: str) -> None:
    with suppress(psycopg.OperationalError):
        ask(url, f"SELECT pg_sleep(60), '{WORDS}'")
