"""`careline eval` and `careline calibrate` on a knowledge base of their own."""

import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from tests.support.program import Program

pytestmark = pytest.mark.acceptance

KB = "labelled"
TOPICS = {
    "hours": ("opening hours", "closing time", "Sunday opening"),
    "pay": ("paying by card", "paying by invoice", "vouchers at the till"),
    "ship": ("shipping costs", "express shipping", "shipping to an island"),
    "bike": ("renting a bicycle", "a child's bicycle", "bicycle repairs"),
}
BEYOND = ("the moon landing", "baking bread", "tax returns", "violin strings", "my cat's teeth")
ASKED = ("what about {}?", "tell me about {}", "I need to know of {}", "how is it with {}",
         "question regarding {}", "is there anything on {}", "{} please", "explain {} to me",
         "who can help me with {}", "hello, {} is what I want to ask about")  # fmt: skip


def written(folder: Path, name: str, *objects: Mapping[str, object]) -> str:
    file = folder / name
    file.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    return str(file)


def questions(*ways: str) -> list[dict[str, str | None]]:
    inside: list[dict[str, str | None]] = [
        {"question": way.format(words), "article": topic}
        for topic, told in TOPICS.items()
        for way, words in product(ways, told)
    ]
    return [*inside, *({"question": w.format(b), "article": None} for w in ways for b in BEYOND)]


@pytest.fixture(scope="module")
def library(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program whose data folder holds the knowledge base; nothing is running."""
    program = Program(prepared)
    ended = program.command("ingest", articles(tmp_path_factory.mktemp("told")), "--kb", KB)
    assert ended.returncode == 0, ended.stderr
    assert "of questions like yours I expect to answer" not in ended.stdout  # there are too few
    return program


def articles(folder: Path) -> str:
    made = [
        {
            "id": topic,
            "question": ASKED[0].format(told[0]),
            "variants": [way.format(words) for way, words in product(ASKED[:2], told)][1:],
            "answer": f"All about {told[0]}.",
        }
        for topic, told in TOPICS.items()
    ]
    return written(folder, "articles.jsonl", *made)


def test_one_object_with_every_figure(library: Program, tmp_path: Path):
    file, plot = written(tmp_path, "asked.jsonl", *questions(*ASKED[5:7])), tmp_path / "curve.png"
    ended = library.command("eval", file, "--kb", KB, "--json", "--plot", str(plot))
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert (told["n"], told["in_scope"], told["out_of_scope"]) == (34, 24, 10)
    inside = ("answered_right", "answered_wrong", "offered_right", "offered_wrong", "unknown")
    assert sum(told[name] for name in inside) == 24
    assert sum(told[name] for name in ("oos_answered", "oos_offered", "oos_unknown")) == 10
    assert told["oos_recall"] == told["oos_unknown"] / 10
    assert told["top1"] > 0.8
    assert 0 < told["p50_ms"] <= told["p95_ms"]
    assert told["intervals"]["top1"][0] < told["top1"]
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_without_choices_nothing_is_offered_and_a_table_is_for_people(
    library: Program, tmp_path: Path
):
    file = written(tmp_path, "asked.jsonl", *questions(ASKED[7]))
    ended = library.command("eval", file, "--kb", KB, "--no-choices")
    assert ended.returncode == 0, ended.stderr
    for name in ("offered_right", "offered_wrong", "oos_offered"):
        (line,) = (one for one in ended.stdout.splitlines() if name in one)
        assert " 0 " in line
    assert "top1: " in ended.stdout


def test_what_was_learnt_stays_through_the_next_ingest(library: Program, tmp_path: Path):
    file = written(tmp_path, "labelled.jsonl", *questions(*ASKED))
    ended = library.command("calibrate", file, "--kb", KB)
    assert ended.returncode == 0, ended.stderr
    assert "120 questions in scope and 50 out of scope" in ended.stdout
    assert "of questions beyond them I expect to refuse" in ended.stdout
    assert "200" in ended.stderr
    again = library.command("ingest", articles(tmp_path), "--kb", KB)
    assert "of questions beyond them I expect to refuse" in again.stdout
    assert "0 texts encoded" in again.stdout


@pytest.mark.parametrize("command", ["eval", "calibrate"])
def test_bad_input_is_named(library: Program, tmp_path: Path, command: str):
    def said(file: str, kb: str = KB) -> str:
        ended = library.command(command, file, "--kb", kb)
        assert ended.returncode == 2
        assert "Traceback" not in ended.stderr
        return ended.stderr

    wrong = written(tmp_path, "wrong.jsonl", {"question": "?", "article": "nowhere"}, {"a": 1})
    assert "line 1: there is no article 'nowhere'" in said(wrong)
    assert 'line 2: "question" must be' in said(wrong)
    assert "no questions" in said(written(tmp_path, "empty.jsonl"))
    assert "no such file" in said(str(tmp_path / "missing.jsonl"))
    assert "There is no knowledge base elsewhere" in said(wrong, "elsewhere")


def test_too_few_questions_teach_nothing(library: Program, tmp_path: Path):
    few = written(tmp_path, "few.jsonl", *questions(ASKED[0]))
    ended = library.command("calibrate", few, "--kb", KB)
    assert (ended.returncode, "there are 12 and 5" in ended.stderr) == (2, True)
