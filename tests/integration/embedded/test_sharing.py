"""One server for every process that opens a folder, from the first open to the last close."""

import asyncio
import os
import re
import signal
from pathlib import Path

import psutil
import psycopg
import pytest
from blockbuster import blockbuster_ctx

from bot.store.embedded import EmbeddedPostgres
from bot.store.embedded.account import Account
from tests.integration.embedded.support import (
    Owner,
    ask,
    opened,
    postmaster,
    servers,
    tell,
    wait_until,
)

pytestmark = pytest.mark.integration


def test_a_new_folder_gets_a_database_of_an_ordinary_role(place: Path):
    with opened(place / "not" / "yet" / "there") as server:
        assert ask(server.url, "SELECT current_user || ' ' || current_database()") == (
            "careline careline"
        )
        role = "FROM pg_roles WHERE rolname = current_user"
        privileges = "rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
        assert ask(server.url, f"SELECT {privileges} {role}") is False
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert ask(server.url, owner) == "careline"
        tell(server.url, "CREATE TABLE words (id int PRIMARY KEY)")
        assert server.url not in repr(server)


def test_the_server_is_set_up_for_one_machine(example: Path):
    settings = {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "max_connections": "100",
    }
    with opened(example) as server:
        assert {name: ask(server.url, f"SHOW {name}") for name in settings} == settings


def test_letters_beyond_ascii_have_cases(example: Path):
    with opened(example) as server:
        assert ask(server.url, "SELECT lower('ÄÉŠ')") == "äéš"


@pytest.mark.parametrize("user", ["careline", "postgres"])
def test_nobody_comes_in_without_the_password(example: Path, user: str):
    with opened(example) as server:
        host = server.url.partition("host=")[2]
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{user}@/careline?host={host}", passfile="/dev/null")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{user}:guess@/careline?host={host}")


def test_a_second_process_joins_and_the_last_one_stops_the_server(example: Path):
    with Owner(example) as first:
        url = first.url
        running = postmaster(example)
        with opened(example) as second:
            assert second.url == url
            assert postmaster(example) == running
            first.close()
            assert ask(second.url, "SELECT 1") == 1
    assert not servers(example)
    assert not (example / "postgres/data/postmaster.pid").exists()


def test_processes_that_start_together_share_one_new_server(place: Path):
    owners = [Owner(place / "data") for _ in range(3)]
    assert len({owner.url for owner in owners}) == 1
    assert len(servers(place / "data/postgres")) == 1
    for owner in owners:
        owner.close()


def test_one_process_may_open_a_folder_twice_and_close_twice(example: Path):
    with opened(example) as first:
        with opened(example) as second:
            asyncio.run(second.close())
        assert ask(first.url, "SELECT 1") == 1


def test_an_owner_that_died_does_not_keep_the_server_up(data: Path):
    with opened(data):
        with Owner(data) as other:
            assert other.url
            other.kill()
        assert len(list((data / "postgres-control/owners").iterdir())) == 2
    assert not servers(data)
    assert not list((data / "postgres-control/owners").iterdir())


def test_the_next_owner_takes_over_what_a_dead_one_left_running(data: Path):
    with Owner(data) as first:
        assert first.url
        first.kill()
    running = postmaster(data)
    with opened(data) as server:
        assert ask(server.url, "SELECT 1") == 1
        assert postmaster(data) == running
    assert not servers(data)


def test_an_owner_whose_number_is_another_process_now_counts_as_dead(data: Path):
    with Owner(data) as first:
        assert first.url
        owners = data / "postgres-control/owners"
        (file,) = owners.iterdir()
        first.kill()
        file.write_text(file.read_text().replace(str(first.process.pid), str(os.getpid())))
        with opened(data):
            assert len(list(owners.iterdir())) == 1


def test_ctrl_c_in_the_terminal_of_the_starter_does_not_reach_the_server(example: Path):
    with Owner(example) as starter:
        url = starter.url
        with opened(example):
            running = postmaster(example)
            os.killpg(starter.process.pid, signal.SIGINT)
            wait_until(lambda: starter.process.poll() is not None)
            assert ask(url, "SELECT 1") == 1
            assert os.getsid(running.pid) not in {os.getsid(0), starter.process.pid}


def test_the_programs_know_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "secret")
    monkeypatch.setenv("PGPORT", "1")
    known = Account.of_uid(os.geteuid()).run(["/usr/bin/env"]).stdout
    assert "LC_ALL=C" in known
    assert not {"SLACK_BOT_TOKEN", "PGPORT", "HOME"} & set(re.findall(r"^(\w+)=", known, re.M))


def test_our_environment_does_not_lead_to_another_server(
    example: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in {"PGPORT": "1", "PGUSER": "nobody", "PGDATABASE": "none"}.items():
        monkeypatch.setenv(name, value)
    with opened(example) as server:
        assert ask(server.url, "SELECT current_user") == "careline"


async def test_opening_and_closing_leave_the_event_loop_free(example: Path):
    with blockbuster_ctx():
        server = await EmbeddedPostgres.open(example)
        await server.close()


async def test_a_cancelled_open_gives_back_what_it_took(example: Path):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await EmbeddedPostgres.open(example)
    assert not servers(example)
    assert not [*_owners(example)]


def _owners(data: Path) -> list[Path]:
    return list((data / "postgres-control/owners").iterdir())


def test_a_process_is_recognised_after_the_clock_was_set(data: Path):
    with Owner(data) as first:
        assert first.url
        for file in (data / "postgres-control/server", *_owners(data)):
            clock = str(psutil.Process(_pid(file)).create_time())
            assert clock in file.read_text()
            file.write_text(file.read_text().replace(clock, "1.0"))
        with opened(data):
            assert len(_owners(data)) == 2
        assert len(servers(data / "postgres")) == 1


def _pid(file: Path) -> int:
    return int(file.read_text().partition('"pid": ')[2].partition(",")[0])
