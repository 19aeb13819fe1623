"""What is typed, from pipes and files."""

import os
from pathlib import Path

import pytest

from bot.cli.typed import Typed


async def lines(descriptor: int) -> list[str]:
    typed, found = Typed(descriptor), []
    while (line := await typed.line()) is not None:
        found.append(line)
    assert await typed.line() is None
    return found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"", []),
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\r\n\nlast", ["one", "", "last"]),
        ("wie geht\u2019s\n".encode(), ["wie geht\u2019s"]),
        (b"\xff\n", ["\ufffd"]),
        (b"x" * 200_000 + b"\n.\n", ["x" * 200_000, "."]),
    ],
)
async def test_a_file_is_read_to_its_end(tmp_path: Path, written: bytes, read: list[str]):
    file = tmp_path / "typed"
    file.write_bytes(written)
    with file.open("rb") as opened:
        assert await lines(opened.fileno()) == read


async def test_a_line_comes_as_soon_as_it_is_there():
    end, begin = os.pipe()
    typed = Typed(end)
    os.write(begin, "f\u00fcnf".encode()[:2])
    os.write(begin, "f\u00fcnf".encode()[2:] + b"\nsix")
    assert await typed.line() == "f\u00fcnf"
    os.close(begin)
    assert [await typed.line(), await typed.line()] == ["six", None]
    os.close(end)
