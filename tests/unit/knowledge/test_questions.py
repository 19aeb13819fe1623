"""Labelled questions: what is read, and what is said of a wrong line."""

from pathlib import Path

import pytest

from knowledge.questions import Question, Wrong, read


def write(folder: Path, text: str) -> Path:
    file = folder / "asked.jsonl"
    file.write_text(text, encoding="utf-8")
    return file


def test_questions_in_and_out_of_scope(tmp_path: Path):
    text = '{"question": "où\u2028là?", "article": "a"}\n\n{"question": "b", "article": null}\r\n'
    file = write(tmp_path, text)
    assert read(file, {"a"}) == [Question("où\u2028là?", "a"), Question("b", None)]


def test_every_wrong_line_is_named(tmp_path: Path):
    file = write(
        tmp_path,
        "\n".join(
            (
                "{not json",
                '["question"]',
                '{"question": "  ", "article": null}',
                '{"question": 7, "article": null}',
                '{"question": "a"}',
                '{"question": "a", "article": 7}',
                '{"question": "a", "article": "z"}',
                '{"question": "fine", "article": "a"}',
            )
        ),
    )
    with pytest.raises(Wrong) as caught:
        read(file, {"a"})
    assert [f"line {number}" in one for number, one in enumerate(caught.value.faults, 1)] == [
        True
    ] * 7
    assert "'z'" in caught.value.faults[-1]


def test_a_file_of_rubbish_is_not_repeated_whole(tmp_path: Path):
    with pytest.raises(Wrong) as caught:
        read(write(tmp_path, "x\n" * 500), set())
    assert caught.value.faults[-1] == "… and 480 more"
    assert len(caught.value.faults) == 21


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_says_so(tmp_path: Path, text: str):
    with pytest.raises(Wrong, match="no questions"):
        read(write(tmp_path, text), {"a"})


def test_what_is_no_text_says_so(tmp_path: Path):
    (tmp_path / "latin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Wrong, match="UTF-8"):
        read(tmp_path / "latin", set())
    with pytest.raises(Wrong, match="cannot be read"):
        read(tmp_path, set())
