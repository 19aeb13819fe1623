"""What an operator gets wrong: settings with faults, folders with nothing or too much in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import House, open_house
from tests.support.program import Program

pytestmark = pytest.mark.acceptance

FIVE = """\
[server]
port = 99999
hots = "0.0.0.0"

[work]
max_tries = "often"

[chat.rates]
visitor_burst = 0

[lines.shop]
title = "the shop"
kb = "Not A Name"
"""
ACROSS = """\
[chat]
line = "nowhere"

[lines.one]
title = "One"
kb = "shop"
addresses = ["web:a", "nothing"]

[lines.two]
title = "Two"
kb = "shop"
addresses = ["web:a"]
"""
RULES = """\
[ladders.none]
rungs = []

[[rules]]
name = "typo"
when = "reading.angr > 0.5"

[[rules]]
name = "kind"
when = "turns + 1"

[[rules]]
name = "zero"
when = "turns / (turns - 1) > 5"
"""
SECRET = "hush-hush-9431"  # noqa: S105  of these tests


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house(stocked=False) as opened:
        yield opened


def _faults(config: Path, words: str, *, command: str = "serve") -> list[str]:
    config.write_text(words)
    env = {"CARELINE_KEYS": SECRET, "CARELINE_LOG__LEVEL": "loud"}
    program = Program(config.parent / "data", env=env)
    ended = program.command("--config", str(config), command)
    assert ended.returncode == 2
    assert SECRET not in ended.stderr + ended.stdout
    assert not (config.parent / "data").exists()  # nothing has been begun
    lines = ended.stderr.splitlines()
    assert all(line.startswith("careline: ") for line in lines), ended.stderr
    return lines


@pytest.mark.parametrize("command", ["serve", "check"])
def test_all_faults_of_the_file_and_the_environment_are_named_at_once(tmp_path: Path, command: str):
    lines = _faults(tmp_path / "careline.toml", FIVE, command=command)
    named = [line.removeprefix("careline: ").split(":")[0] for line in lines]
    assert sorted(named) == [
        "chat.rates.visitor_burst",
        "lines.shop.kb",
        "log.level",
        "server.hots",
        "server.port",
        "work.max_tries",
    ]
    assert any("there is no such key" in line for line in lines)


def test_faults_between_keys_are_named_at_once(tmp_path: Path):
    config = tmp_path / "careline.toml"
    config.write_text(ACROSS)
    ended = Program(tmp_path / "data").command("--config", str(config), "check")
    assert ended.returncode == 2
    for words in ("belongs to one already", "not channel:account", "no line nowhere"):
        assert words in ended.stderr


def test_rules_and_ladders_that_cannot_work_are_refused_with_name_and_place(tmp_path: Path):
    lines = _faults(tmp_path / "careline.toml", RULES)
    assert any("rules.typo: when: line 1, column" in line for line in lines)
    assert any("did you mean reading.anger?" in line for line in lines)
    assert any("rules.kind: when: line 1" in line for line in lines)
    assert any("ladders.none.rungs" in line and "needs a rung" in line for line in lines)
    assert not any("rules.zero" in line for line in lines)  # nobody can tell before it runs


def test_a_file_that_is_not_toml_and_one_that_is_not_there(tmp_path: Path):
    broken = tmp_path / "broken.toml"
    broken.write_text("[server\nport = ")
    program = Program(tmp_path / "data")
    for path, words in ((broken, "not a TOML file"), (tmp_path / "none.toml", "no such file")):
        ended = program.command("--config", str(path), "check")
        assert (ended.returncode, words in ended.stderr) == (2, True)
        assert "Traceback" not in ended.stderr


def test_an_empty_folder_of_articles_changes_nothing(house: House, tmp_path: Path):
    house.stock()
    program = house.program()
    ended = program.command("ingest", str(tmp_path), "--kb", "shop")
    assert ended.returncode != 0
    assert f"{tmp_path}: the folder holds no articles" in ended.stderr
    assert "Traceback" not in ended.stderr
    kept = program.command("kb").stdout.split()
    assert kept[:4] == ["shop", "version", "1", "10"]


def test_a_broken_file_among_good_ones_is_named_and_skipped(house: House, tmp_path: Path):
    house.stock(kb="mixed")
    for name, question in (("parking", "Where can I park?"), ("dogs", "May I bring my dog?")):
        (tmp_path / f"{name}.md").write_text(f"# {question}\n\nIn the yard behind the shop.\n")
    (tmp_path / "broken.md").write_bytes(b"# Caf\xe9?\n\nNo.\n")
    (tmp_path / "lines.jsonl").write_text(
        '{"id": "a", "question": "Who?", "answer": "Me."}\n{"id": '
    )
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    program = house.program()
    ended = program.command("ingest", str(tmp_path), "--kb", "mixed")
    assert ended.returncode == 1
    skipped = [line for line in ended.stderr.splitlines() if line.startswith("skipped: ")]
    assert len(skipped) == 3
    assert f"{tmp_path / 'broken.md'}:1: the text is not UTF-8" in ended.stderr
    assert f"{tmp_path / 'lines.jsonl'}:2: the line is not JSON" in ended.stderr
    assert f"{tmp_path / 'photo.png'}: the kind '.png' is not read" in ended.stderr
    assert "3 added" in ended.stdout
    found = program.command("ask", "May I bring my dog?", "--kb", "mixed", "--json")
    assert '"article": "may-i-bring-my-dog"' in found.stdout
