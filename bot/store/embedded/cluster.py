"""Making the database: all of it, or none."""

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from bot.domain.errors import SettingsError
from bot.store.embedded.account import Account
from bot.store.embedded.binaries import Binaries
from bot.store.embedded.folder import Folder, sync

ROLE = "careline"
"""The role of the product, and the name of the database that it owns."""

_HALF_MADE = "data.new-"

# Nobody has a superuser's password: maintenance that needs one is done with `postgres --single`.
_ADMISSION = "local all all scram-sha-256\n"

_INITDB = (
    "--username=postgres",
    "--auth=peer",
    "--encoding=UTF8",
    # PostgreSQL's own Unicode rules: the same on every system, and not changed by its updates.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
    "--no-sync",
)


def ensure_cluster(folder: Folder, account: Account, binaries: Binaries) -> None:
    """Make the database if there is none, and see that we have its password."""
    for left_over in folder.home.glob(f"{_HALF_MADE}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    lost = not folder.password.exists()
    if lost:
        folder.make_password()
    password = folder.password.read_text(encoding="utf-8")
    if not folder.cluster.exists():
        _make(folder, account, binaries, password)
    elif lost:
        statement = f"ALTER ROLE {ROLE} PASSWORD '{password}'"
        _alone(folder, account, binaries, folder.cluster, [statement])


def _make(folder: Folder, account: Account, binaries: Binaries, password: str) -> None:
    # Under a name of its own: an initdb whose caller was killed may still be writing under another.
    new = folder.home / f"{_HALF_MADE}{secrets.token_hex(4)}"
    initdb = binaries.program("initdb")
    _do(folder, account, [initdb, "--pgdata", new, *_INITDB])
    _do(folder, account, ["/bin/sh", "-c", 'cat > "$0/pg_hba.conf"', new], _ADMISSION)
    statements = (
        f"CREATE ROLE {ROLE} LOGIN PASSWORD '{password}'",
        f"CREATE DATABASE {ROLE} OWNER {ROLE}",
    )
    _alone(folder, account, binaries, new, statements)
    _do(folder, account, [initdb, "--pgdata", new, "--sync-only"])
    new.rename(folder.cluster)
    for path in (folder.home, folder.data):
        sync(path)


def _alone(
    folder: Folder,
    account: Account,
    binaries: Binaries,
    cluster: Path,
    statements: Sequence[str],
) -> None:
    """Run statements as the superuser, on a cluster that no server is running on."""
    words = "".join(f"{statement};\n" for statement in statements)
    quiet = ("-c", "log_min_error_statement=panic", "-c", "exit_on_error=on")
    # A new cluster is written to disk once, when it is complete; one in use is never without care.
    care = () if cluster == folder.cluster else ("-F",)
    postgres = binaries.program("postgres")
    _do(folder, account, [postgres, "--single", *care, *quiet, "-D", cluster, "postgres"], words)


def _do(folder: Folder, account: Account, command: Sequence[str | Path], words: str = "") -> None:
    done = account.run(command, words=words)
    if done.returncode != 0:
        fault = (
            f"PostgreSQL could not make its database under {folder.home}: {reason(done.stderr)} "
            "Careline needs a folder that it may write to, on a disk with free space."
        )
        raise SettingsError([fault])


def reason(output: str) -> str:
    """The line that says why a program of PostgreSQL failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    return (telling or lines or ["it did not say why"])[-1].rstrip(".") + "."
