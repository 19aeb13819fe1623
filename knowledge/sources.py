"""Reads articles out of files, folders and sites; what cannot be read is named."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from knowledge.conversion.converter import Converter
from knowledge.conversion.limits import LARGEST_FILE, LARGEST_TEXT
from knowledge.conversion.shapes import Kind, Unreadable
from knowledge.converted import articles_in
from knowledge.fields import Fault, Found
from knowledge.folders import files_in, is_git
from knowledge.jsonl import read_jsonl
from knowledge.languages import settled
from knowledge.markdown import read_markdown
from knowledge.site.web import Web, is_address

LARGEST_BYTES = LARGEST_TEXT
PACK_MARK = "pack.toml"

_USUAL = Web()

Heard = Callable[[int], None]
_Read = Callable[[str, str], Iterator[Found | Fault]]
_READERS: dict[str, _Read] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
}
_KINDS: dict[str, Kind] = {
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".csv": "csv",
}
_OFFICE = ("pdf", "docx", "xlsx")


def read_paths(paths: Sequence[Path]) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """Articles in order, and one sentence for each fault: file, line, what to do.

    A folder is read with all that is in it; a folder with `pack.toml` is a pack, of which
    only `articles/` is read.
    """
    return read_sources([str(path) for path in paths])


def read_sources(
    places: Sequence[str], web: Web = _USUAL, heard: Heard = lambda _count: None
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """The same for paths and for addresses of sites; `heard` is told how many were read."""
    with _Reading(heard) as reading:
        for place in places:
            if is_address(place):
                reading.site(place, web)
            else:
                reading.root(Path(place))
        return reading.result()


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
    """Gathers articles and faults, with a converter for what is no text."""

    def __init__(self, heard: Heard = lambda _count: None) -> None:
        self._articles: list[Article] = []
        self._faults: list[str] = []
        self._first: dict[str, str] = {}
        self._converter = Converter()
        self._heard = heard
        self._count = 0

    def __enter__(self) -> "_Reading":
        self._converter.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._converter.__exit__(None, None, None)

    def result(self) -> tuple[tuple[Article, ...], tuple[str, ...]]:
        return settled(self._articles), tuple(self._faults)

    def root(self, path: Path) -> None:
        """A file or a folder."""
        if path.is_dir():
            self._folder(path)
        elif path.exists():
            self._file(path, path.name)
        else:
            self._fault(path, Fault("there is no such file or folder: check the path"))

    def site(self, url: str, web: Web) -> None:
        """The address of a site, of a part of it, or of its sitemap."""
        from knowledge.site.reading import read_site  # noqa: PLC0415 - a server reads no sites

        read_site(url, web, self._converter, self._page)

    def _page(self, url: str, found: Iterable[Found | Fault]) -> None:
        self._take(url, found)
        self._counted()

    def _folder(self, folder: Path) -> None:
        found = _articles_of_packs(files_in(folder), folder)
        git, held = is_git(folder), False
        for path in found:
            # Most of a repository is no document, and was not put there for us.
            if not git or _is_read(path):
                held = True
                self._file(path, path.relative_to(folder).as_posix())
        if not held:
            self._fault(folder, Fault("the folder holds no articles: put documents into it"))

    def _file(self, path: Path, source: str) -> None:
        try:
            _check(path)
            kind = _KINDS.get(path.suffix.casefold())
            if kind is not None:
                converted = self._converter.convert(path, kind, source)
                self._take(path, articles_in(converted, source))
            else:
                self._text(path, source)
        except Unreadable as exc:
            self._fault(path, Fault(str(exc)))
        except OSError as exc:
            self._fault(path, Fault(f"the file cannot be opened ({exc.strerror})"))
        self._counted()

    def _text(self, path: Path, source: str) -> None:
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            line = exc.object.count(b"\n", 0, exc.start) + 1
            self._fault(path, Fault("the text is not UTF-8: save it as UTF-8", line))
            return
        self._take(path, _READERS[path.suffix.casefold()](text.replace("\r\n", "\n"), source))

    def _counted(self) -> None:
        """One more file or page has been read."""
        self._count += 1
        self._heard(self._count)

    def _take(self, path: Path | str, found: Iterable[Found | Fault]) -> None:
        """What a file or page holds; the second article of a name is left out."""
        for one in found:
            if isinstance(one, Fault):
                self._fault(path, one)
                continue
            name = one.article.id
            if name in self._first:
                why = f"the id {name!r} is taken by {self._first[name]}: rename one of them"
                self._fault(path, Fault(why, one.line))
                continue
            self._first[name] = _at(path, one.line)
            self._articles.append(one.article)

    def _fault(self, path: Path | str, fault: Fault) -> None:
        self._faults.append(f"{_at(path, fault.line)}: {fault.why}.")


def _is_read(path: Path) -> bool:
    return path.suffix.casefold() in (*_READERS, *_KINDS)


def _check(path: Path) -> None:
    """Raises `Unreadable` for what is not even opened."""
    if path.is_dir():
        raise Unreadable("the folder cannot be opened: give yourself the right to read it")
    if not _is_read(path):
        known = ", ".join([*_READERS, *_KINDS])
        raise Unreadable(f"the kind {path.suffix!r} is not read: use {known}")
    office = _KINDS.get(path.suffix.casefold()) in _OFFICE
    largest = LARGEST_FILE if office else LARGEST_TEXT
    if path.stat().st_size > largest:
        raise Unreadable(f"the file is larger than {largest // 1_000_000} MB: split it")


def _articles_of_packs(found: Iterable[Path], root: Path) -> Iterator[Path]:
    """Of a pack its articles only: its questions are not for taking in."""
    for path in found:
        inside = [path.parent, *path.parent.parents]
        above = inside[: inside.index(root) + 1]
        packs = [folder for folder in above if (folder / PACK_MARK).is_file()]
        if all((folder / "articles") in inside for folder in packs):
            yield path


def _at(path: Path | str, line: int | None) -> str:
    return f"{path}:{line}" if line else str(path)
