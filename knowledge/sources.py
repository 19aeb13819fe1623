"""Reads articles out of files and folders; what cannot be read is named, the rest goes in."""

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from knowledge.fields import Fault, Found
from knowledge.jsonl import read_jsonl
from knowledge.languages import settled
from knowledge.markdown import read_markdown

LARGEST_BYTES = 10_000_000
PACK_MARK = "pack.toml"

_Read = Callable[[str, str], Iterator[Found | Fault]]
_READERS: dict[str, _Read] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
}


def read_paths(paths: Sequence[Path]) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Articles in order, and one sentence for each fault: file, line, what to do.

    A folder is read with all that is in it; a folder with `pack.toml` is a pack, of which
    only `articles/` is read.
    """
    reading = _Reading()
    for path in paths:
        reading.root(path)
    return settled(reading.articles), tuple(reading.faults)


def pack_names() -> tuple[str, ...]:
    """The knowledge packs that come with the product."""
    return tuple(sorted(one.parent.name for one in _packs().glob(f"*/{PACK_MARK}")))


def pack_path(name: str) -> Path:
    """The folder of a pack. Raises `KnowledgeError` for a name that is none."""
    if name not in pack_names():
        raise KnowledgeError(f"There is no pack {name}: there are {', '.join(pack_names())}.")
    return _packs() / name


def _packs() -> Path:
    return Path(str(files("knowledge"))) / "packs"


class _Reading:
    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.faults: list[str] = []
        self._first: dict[str, str] = {}

    def root(self, path: Path) -> None:
        if path.is_dir():
            if not self._folder(path, path):
                self._fault(path, Fault("the folder holds no articles: put .md or .jsonl into it"))
        elif path.exists():
            self._file(path, path.name)
        else:
            self._fault(path, Fault("there is no such file or folder: check the path"))

    def _folder(self, root: Path, folder: Path) -> bool:
        """Whether it held anything to read."""
        if (folder / PACK_MARK).is_file():
            folder = folder / "articles"
        try:
            inside = sorted(folder.iterdir())
        except OSError as exc:
            self._fault(folder, Fault(f"the folder cannot be opened ({exc.strerror})"))
            return True
        held = False
        for path in inside:
            if path.name.startswith("."):
                continue
            if not path.is_dir():
                self._file(path, path.relative_to(root).as_posix())
                held = True
            elif not path.is_symlink():  # which may lead back up
                held |= self._folder(root, path)
        return held

    def _file(self, path: Path, source: str) -> None:
        read = _READERS.get(path.suffix.casefold())
        if read is None:
            known = ", ".join(_READERS)
            self._fault(path, Fault(f"the kind {path.suffix!r} is not read: use {known}"))
            return
        try:
            if path.stat().st_size > LARGEST_BYTES:
                self._fault(path, Fault("the file is larger than 10 MB: split it"))
                return
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as exc:
            self._fault(path, Fault(f"the file cannot be opened ({exc.strerror})"))
            return
        except UnicodeDecodeError as exc:
            line = exc.object.count(b"\n", 0, exc.start) + 1
            self._fault(path, Fault("the text is not UTF-8: save it as UTF-8", line))
            return
        for one in read(text.replace("\r\n", "\n"), source):
            self._take(path, one)

    def _take(self, path: Path, one: Found | Fault) -> None:
        if isinstance(one, Fault):
            self._fault(path, one)
            return
        name = one.article.id
        if name in self._first:
            why = f"the id {name!r} is taken by {self._first[name]}: rename one of them"
            self._fault(path, Fault(why, one.line))
            return
        self._first[name] = _at(path, one.line)
        self.articles.append(one.article)

    def _fault(self, path: Path, fault: Fault) -> None:
        self.faults.append(f"{_at(path, fault.line)}: {fault.why}.")


def _at(path: Path, line: int | None) -> str:
    return f"{path}:{line}" if line else str(path)
