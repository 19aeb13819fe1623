"""Walks a folder; of a Git folder, what Git keeps."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


def is_git(folder: Path) -> bool:
    """Whether it is the top of a working copy; a worktree has a file there."""
    return (folder / ".git").exists()


def files_in(folder: Path) -> Iterator[Path]:
    """Every file, by name, but none whose name or folder begins with a dot.

    A folder inside that cannot be opened is given as it is.

    Links to folders are not followed: they may lead back up. Of a Git folder only what Git has
    or would take.
    """
    listed = _listed(folder) if is_git(folder) else None
    root = folder.resolve()
    for path in sorted(_walked(folder) if listed is None else listed):
        # A link may lead out of the folder, to a file that was never meant to be read here.
        if path.resolve().is_relative_to(root):
            yield path


def _walked(folder: Path) -> Iterator[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        yield folder
        return
    for path in inside:
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            yield path
        elif not path.is_symlink():
            yield from _walked(path)


def _listed(folder: Path) -> list[Path] | None:
    """None where Git is not installed or does not take the folder for its own."""
    git = shutil.which("git")
    if git is None:
        return None
    command = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    # The owner is not asked: nothing of the repository's own is run by a listing.
    safe = ["-c", f"safe.directory={folder.resolve()}", "-c", "core.fsmonitor=false"]
    done = subprocess.run(  # noqa: S603 - a listing, by the git that was found
        [git, *safe, "-C", str(folder), *command], capture_output=True, check=False
    )
    if done.returncode != 0:
        return None
    names = [Path(name.decode(errors="surrogateescape")) for name in done.stdout.split(b"\0")]
    shown = (one for one in names if one.parts and not any(p.startswith(".") for p in one.parts))
    return [folder / one for one in dict.fromkeys(shown) if (folder / one).is_file()]
