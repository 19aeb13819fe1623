"""Root starts the product: the server is a lesser user's, and nobody else's folders change."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.store.embedded import account, binaries
from tests.integration.embedded.support import (
    OTHER_USERS,
    Owner,
    ask,
    fault_of,
    opened,
    postmaster,
    tell,
)

pytestmark = pytest.mark.integration


def test_the_server_runs_as_an_ordinary_user_without_roots_groups(place: Path):
    data = place / "data"
    with opened(data):
        server = postmaster(data)
        assert 0 not in {*server.uids(), *server.gids()}
        assert server.username() in account.SERVER_USERS
        assert (data / "postgres").stat().st_uid == server.uids().real
        assert (data / "postgres-control").stat().st_uid == 0


def test_a_database_keeps_the_user_that_it_was_made_by(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    data = place / "data"
    with monkeypatch.context() as only_nobody:
        only_nobody.setattr(account, "SERVER_USERS", ("nobody",))
        with opened(data) as server:
            tell(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    monkeypatch.setattr(account, "SERVER_USERS", ("daemon", "nobody"))
    with opened(data) as server:
        assert postmaster(data).username() == "nobody"
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_a_machine_without_such_a_user_is_told_to_make_one(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(account, "SERVER_USERS", ("no-such-user",))
    assert "Make an ordinary user called no-such-user" in fault_of(place / "data")


@pytest.mark.parametrize("user", OTHER_USERS)
def test_two_users_have_a_server_each_and_keep_out_of_each_others(
    place: Path, programs: Path, user: str
):
    theirs = place / "theirs"
    theirs.mkdir()
    theirs.chmod(0o700)
    os.chown(theirs, pwd.getpwnam(user).pw_uid, -1)
    with opened(place / "ours") as ours, Owner(theirs, user, programs) as other:
        url = other.url
        tell(url, "CREATE TABLE t AS SELECT 'theirs' AS word")
        tell(ours.url, "CREATE TABLE t AS SELECT 'ours' AS word")
        assert ask(url, "SELECT word FROM t") == "theirs"
        assert ask(ours.url, "SELECT word FROM t") == "ours"
        assert postmaster(theirs).username() == user
        with Owner(place / "ours", user, programs) as intruder:
            assert f"{place / 'ours'} belongs to user root" in intruder.fault


@pytest.mark.parametrize("user", OTHER_USERS)
def test_root_does_not_take_over_the_folder_of_a_user(place: Path, programs: Path, user: str):
    os.chown(place, pwd.getpwnam(user).pw_uid, -1)
    with Owner(place / "data", user, programs) as owner:
        assert owner.url
        assert f"belongs to user {user}" in fault_of(place / "data")


def test_a_third_user_cannot_connect_even_with_the_password(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(account, "SERVER_USERS", ("daemon",))
    with opened(place / "data"):
        socket = place / "data/postgres/.s.PGSQL.5432"
        look = ["/bin/sh", "-c", 'test -S "$0"', str(socket)]
        for user, seen in (("root", True), ("nobody", False)):
            done = subprocess.run(look, check=False, user=user)  # noqa: S603 - nothing foreign
            assert (done.returncode == 0) is seen


def test_programs_that_the_server_cannot_reach_are_copied_once(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    (installed,) = {found.root.parent for found in binaries._installed()}
    closed = place / "closed"
    closed.mkdir()
    closed.chmod(0o700)
    for part in (installed, installed.with_name(f"{binaries.PACKAGE}.libs")):
        if part.exists():
            (closed / part.name).symlink_to(part)
    monkeypatch.syspath_prepend(closed)
    data = place / "data"
    with opened(data) as server:
        version = ask(server.url, "SELECT split_part(current_setting('server_version'), ' ', 1)")
        copy = data / f"postgres-{version}"
        assert postmaster(data).cmdline()[0].startswith(f"{copy}/")
        assert {path.stat().st_uid for path in (copy, *copy.rglob("*"))} == {0}
        assert not [path for path in copy.rglob("*") if path.stat().st_mode & 0o022]
    made = copy.stat().st_ino, copy.stat().st_mtime_ns
    with opened(data):
        assert (copy.stat().st_ino, copy.stat().st_mtime_ns) == made
    assert not list(data.glob("*.new"))
    shutil.rmtree(copy)
