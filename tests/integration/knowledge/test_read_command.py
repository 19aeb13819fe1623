"""`careline read`: one object a message, and a sentence for what is none."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.app import app
from bot.cli.reading import LONGEST

pytestmark = pytest.mark.integration

SIGNALS = {
    "wants_human", "self_harm", "distress", "anger", "complaint", "sentiment", "billing_dispute",
    "fraud", "legal_threat", "privacy_request", "harassment", "safety",
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path, encoder_folder: Path) -> Path:
    file = tmp_path / "careline.toml"
    file.write_text(f"[knowledge]\nencoder = '{encoder_folder}'\n")
    return file


def read(config: Path, *arguments: str, said: bytes | None = None) -> Result:
    command = ["--config", str(config), "--data", str(config.parent / "data"), "read", *arguments]
    return CliRunner().invoke(app, command, input=said)


def objects(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_object_a_message(config: Path):
    found = read(config, "--json", said=b"a human please\n\nYou charged me twice!!\n")
    human, twice = objects(found)
    assert found.exit_code == 0
    assert set(human) == SIGNALS | {"text", "language"}
    assert human["text"] == "a human please"
    assert human["wants_human"] == 1.0
    assert float(str(twice["billing_dispute"])) > 0.5


def test_a_file_is_read_as_a_table(config: Path, tmp_path: Path):
    file = tmp_path / "said.txt"
    file.write_text("I want to kill myself\n")
    found = read(config, str(file))
    assert "self_harm 1.00" in found.stdout
    assert found.exit_code == 0


def test_a_line_for_employees_reads_no_feelings(config: Path):
    said = b"I am furious, this is outrageous!!!\n"
    (ours,) = objects(read(config, "--json", "--line", "it", said=said))
    (theirs,) = objects(read(config, "--json", "--line", "shop", said=said))
    assert ours["anger"] == ours["distress"] == ours["sentiment"] == 0.0
    assert float(str(theirs["anger"])) > 0.5


def test_bad_lines_are_named_and_the_others_read(config: Path):
    said = b"hello\n\xff\xfe\n" + b"a" * (LONGEST + 9) + b"\nthanks"
    found = read(config, "--json", said=said)
    assert [one["text"] for one in objects(found)] == ["hello", "thanks"]
    assert "line 2: not UTF-8" in found.stderr
    assert "line 3: longer than 1,000,000 bytes" in found.stderr
    assert found.exit_code == 1


def test_a_long_line_is_a_message(config: Path):
    (one,) = objects(read(config, "--json", said=b"word " * 199_999))
    assert one["wants_human"] == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("missing.txt",), "missing.txt: cannot be read: No such file", 2),
        (("--line", "nobody"), "--line: there is no line nobody", 2),
        (("-",), "nothing to read", 1),
    ],
)
def test_what_cannot_be_read_says_so(
    config: Path, arguments: tuple[str, ...], words: str, code: int
):
    found = read(config, *arguments, said=b"\n \n")
    assert words in found.stderr
    assert found.exit_code == code
