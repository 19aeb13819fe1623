"""Cuts a long text where it hurts least: between paragraphs, table rows, sentences."""

import re
from collections.abc import Iterator

# The encoder reads 256 word pieces, about a thousand letters; twice that still is one subject.
LONGEST = 2000
_FENCE = re.compile(r"\s*(```+|~~~+)")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_SENTENCE = re.compile(r"(?<=[.!?\u3002\uff01\uff1f])\s+|\n")


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """The text in pieces of at most `longest` letters; a table's rows keep their header."""
    if len(text) <= longest:
        yield text
        return
    held = ""
    for block in _small(text, longest):
        if held and len(held) + len(block) + 2 > longest:
            yield held
            held = ""
        held = f"{held}\n\n{block}" if held else block
    if held:
        yield held


def _small(text: str, longest: int) -> Iterator[str]:
    for block in _blocks(text):
        if len(block) <= longest:
            yield block
        elif _is_table(block):
            yield from _rows(block, longest)
        else:
            yield from _packed(_SENTENCE.split(block), longest, "\n" if "\n" in block else " ")


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs; code between fences is one of them, whatever lines it leaves empty."""
    held: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if line.strip() or fence:
            held.append(line)
        elif held:
            yield "\n".join(held)
            held = []
    if held:
        yield "\n".join(held)


def _is_table(block: str) -> bool:
    lines = block.split("\n", 2)
    return len(lines) > 1 and "|" in lines[0] and _RULE.fullmatch(lines[1]) is not None


def _rows(table: str, longest: int) -> Iterator[str]:
    header, rule, *rows = table.split("\n")
    top = f"{header}\n{rule}\n"
    room = max(longest - len(top), longest // 2)
    for some in _packed(rows, room, "\n"):
        yield top + some


def _packed(parts: list[str], longest: int, glue: str) -> Iterator[str]:
    """Parts put together again as long as they fit; one that fits nowhere is cut hard."""
    held = ""
    for part in (short for whole in parts if whole for short in _hard(whole, longest)):
        if held and len(held) + len(glue) + len(part) > longest:
            yield held
            held = ""
        held = f"{held}{glue}{part}" if held else part
    if held:
        yield held


def _hard(part: str, longest: int) -> Iterator[str]:
    for start in range(0, len(part), longest):
        yield part[start : start + longest]
