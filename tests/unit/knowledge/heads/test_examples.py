"""The examples are well labelled, and what is measured is in no training."""

from pathlib import Path

import pytest
from rapidfuzz import fuzz

from bot.domain.errors import KnowledgeError
from knowledge.heads.examples import HEADS, ours, read

HELD_OUT = Path(__file__).parent / "heldout.txt"
TOO_NEAR = 90
LEAST = 40


def test_nothing_held_out_is_trained_on():
    held = [one.text.casefold() for one in read(HELD_OUT)]
    near = [
        (one.text, text)
        for one in ours()
        for text in held
        if fuzz.ratio(one.text.casefold(), text) >= TOO_NEAR
    ]
    assert near == []


@pytest.mark.parametrize("head", HEADS)
def test_every_head_has_examples_of_both_kinds(head: str):
    shows = sum(head in one.shows for one in ours())
    calm = sum(head not in one.shows | one.open for one in ours())
    assert shows >= LEAST
    assert calm > shows


def test_a_heading_may_leave_a_head_open(tmp_path: Path):
    file = tmp_path / "some.txt"
    file.write_text("# words\n\n[fraud ?distress]\nmy card was cloned\n[none]\nhello\n")
    cloned, hello = read(file)
    assert cloned.shows == {"fraud"}
    assert cloned.open == {"distress", "negative"}
    assert hello.shows == hello.open == set()


@pytest.mark.parametrize("text", ["hello\n", "[joy]\nhello\n", "[fraud\nhello\n"])
def test_a_malformed_file_names_the_line(tmp_path: Path, text: str):
    file = tmp_path / "some.txt"
    file.write_text(text)
    with pytest.raises(KnowledgeError, match=r"some\.txt, line 1: "):
        read(file)
