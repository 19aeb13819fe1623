"""The rules that no linter knows: sizes, first sentences, same names, a fake for each port."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("bot", "channels", "knowledge")
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

MODULE_LINES, TEST_LINES, FUNCTION_LINES = 300, 400, 30
LONG: dict[str, str] = {
    "bot/core/words.py": "one catalogue: every sentence a customer may read stands in it",
    "bot/settings.py": "every table of the file and every secret of the environment, in one place",
    "bot/domain/ports.py": "the seams are read side by side, and most lines say what each promises",
}
"""Modules that may be longer, and why."""

CHANNEL_FILES = {
    "__init__.py",
    "channel.py",
    "inbound.py",
    "outbound.py",
    "signature.py",
    "errors.py",
}
SEND_ONLY = {"callout": "services are told; nobody writes to us through them"}
"""Channels without anything to read or to verify, and why."""
PORTS = (
    "Clock",
    "Channel",
    "Reader",
    "Library",
    "Writer",
    "Store",
    "Shelf",
    "Archive",
    "Board",
    "StaffBook",
    "Modes",
    "Notices",
    "Installs",
    "OnCall",
    "CalendarCopies",
    "Proposals",
)
SUITELESS: dict[str, str] = {
    "Clock": "one verb that returns a time: there is nothing to agree on",
    "Board": "reads what the store keeps; the acceptance tests read the real one",
    "Notices": "needs a database to announce through; its integration tests stand for a suite",
}
"""Ports without a conformance suite, and why."""
NOT_PORTS = {
    "Draft": "opened by a channel",
    "Labels": "part of a shelf",
    "Lessons": "part of a shelf",
    "WritesInside": "a channel with one verb more",
    "Listens": "a channel with one verb more",
    "Front": "made by the core, for channels that have a place to show it",
    "AnswersPresses": "a channel with one verb more",
    "Subscription": "opened by notices",
    "Transaction": "opened by the store",
    **dict.fromkeys(
        (
            "Events",
            "Conversations",
            "Transcript",
            "Outbox",
            "Timers",
            "Composing",
            "Feed",
            "Results",
            "Consents",
        ),
        "part of a transaction",
    ),
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "versions" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def classes(*folders: str) -> dict[str, str]:
    """Class name → the module it is in."""
    return {
        node.name: name_of(path)
        for path in modules(*folders)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }


def protocols(module: str) -> Iterator[str]:
    for node in tree(ROOT / module).body:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases
        ):
            yield node.name


def test_modules_are_short():
    long = {name_of(p) for p in modules(*PRODUCT) if lines_of(p) > MODULE_LINES}
    assert long == set(LONG)
    assert [name_of(p) for p in modules("tests") if lines_of(p) > TEST_LINES] == []


def test_every_module_says_what_it_holds():
    silent = [
        name_of(path)
        for path in modules(*PRODUCT, "tests")
        if ast.get_docstring(tree(path)) is None and path.read_text()
    ]
    assert silent == []


def test_functions_are_short():
    lengths = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in modules(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, Function)
    )
    assert lengths[len(lengths) * 9 // 10] <= FUNCTION_LINES


@pytest.mark.parametrize(
    "folder", sorted(p.parent.name for p in (ROOT / "channels").glob("*/__init__.py"))
)
def test_every_channel_has_the_same_files(folder: str):
    files = {path.name for path in (ROOT / "channels" / folder).glob("*.py")}
    unneeded = {"inbound.py", "signature.py"} if folder in SEND_ONLY else set()
    assert files >= CHANNEL_FILES - unneeded


def test_every_protocol_is_a_port_or_belongs_to_one():
    found = {*protocols("bot/domain/ports.py"), *protocols("bot/domain/desk.py")}
    found |= {*protocols("bot/domain/oncall.py"), *protocols("bot/domain/teaching.py")}
    found |= {*protocols("bot/domain/front.py"), *protocols("bot/domain/installs.py")}
    found |= set(protocols("bot/domain/consent.py"))
    assert found == {*PORTS, *NOT_PORTS}


@pytest.mark.parametrize("port", PORTS)
def test_every_port_has_a_fake_and_a_suite(port: str):
    assert f"Fake{port}" in classes("tests/fakes")
    suite = f"{port}Suite" in classes("tests/conformance")
    assert suite != (port in SUITELESS), "a suite, or a reason why not; not both"


def test_nothing_is_mocked():
    mocked = [
        name_of(path)
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest"))
        or (isinstance(node, ast.Import) and any("unittest" in a.name for a in node.names))
    ]
    assert mocked == []
