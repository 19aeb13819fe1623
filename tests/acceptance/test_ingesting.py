"""Documents taken in by the command, looked at first, taken back, and killed in the middle."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.work.ingesting import Encoding, Failed, Live, Skipped, ingest_beside
from tests.support.house import House, open_house
from tests.support.program import ROOT, Program
from tests.support.visitor import Visitor, visitor
from tests.unit.knowledge.papers import bomb, pdf

pytestmark = pytest.mark.acceptance

PAGE = "# Gift wrapping\n\n## Can you wrap my order as a gift?\n\n{answer}\n"
ASKED = "can you wrap my order as a gift?"
MANY = 400


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture
def careline(house: House) -> Program:
    return house.program()


def written(folder: Path, answer: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "gifts.md").write_text(PAGE.format(answer=answer))
    (folder / "delivery.csv").write_text("question,answer\nHow fast is it?,Two days.\n")
    return folder


def many(folder: Path) -> Path:
    path = folder / "many.jsonl"
    lines = (
        json.dumps({"id": f"a{number}", "question": f"What is item {number}?", "answer": "It."})
        for number in range(MANY)
    )
    path.write_text("\n".join(lines))
    return path


def version(careline: Program, kb: str) -> int:
    listed = careline.command("kb", "list").stdout.splitlines()
    found = [line.split() for line in listed if line.startswith(f"{kb} ")]
    return int(found[0][2]) if found else 0


async def answered(customer: Visitor, words: str) -> None:
    """Ask until the server has swapped the version in that says so."""
    for _ in range(20):
        seen = list(customer.shown)
        await customer.say(ASKED)
        answer = await customer.until(
            lambda body, seen=seen: body["author"] == "bot" and body not in seen  # type: ignore[misc]  # inferred
        )
        if words in answer["text"]:
            return
    raise AssertionError(f"never answered {words!r}")


async def test_a_change_is_shown_taken_in_served_and_taken_back(house: House, tmp_path: Path):
    careline = house.program()
    before = version(careline, "shop")
    folder = written(tmp_path / "docs", "Yes, for three euros.")
    looked = careline.command("ingest", str(folder), "--kb", "shop", "--dry-run")
    assert looked.returncode == 0
    assert "2 added, 0 changed, 10 removed, 0 unchanged. Nothing was changed." in looked.stdout
    assert "+ can-you-wrap-my-order-as-a-gift" in looked.stdout
    assert version(careline, "shop") == before

    server = house.program(name="serving").start()
    done = careline.command("ingest", str(folder), "--kb", "shop")
    assert done.returncode == 0
    assert f"version {before + 1} is live: 2 added" in done.stdout
    written(folder, "Yes, for four euros.")
    looked = careline.command("ingest", str(folder), "--kb", "shop", "--dry-run")
    assert "~ can-you-wrap-my-order-as-a-gift" in looked.stdout
    assert "(answer)" in looked.stdout
    careline.command("ingest", str(folder), "--kb", "shop")
    async with visitor(server.base, "shop") as customer:
        await answered(customer, "for four euros")
        back = careline.command("kb", "rollback", "shop")
        assert back.stdout.strip() == (
            f"shop: version {before + 1} is live again instead of {before + 2}"
        )
        await answered(customer, "for three euros")
    server.stop()


def test_the_history_is_told(careline: Program):
    told = careline.command("kb", "history", "shop").stdout.splitlines()
    assert "rolled back to  live" in told[0]
    assert "taken in" in told[1]
    assert told[1].endswith("kept")


def test_the_way_back_is_told_where_there_is_none(careline: Program):
    gone = careline.command("kb", "rollback", "it-helpdesk", "--to", "9")
    assert gone.returncode == 2
    assert "Version 1 of it-helpdesk is live, and can be rolled back to: none." in gone.stderr
    assert "no knowledge base nowhere" in careline.command("kb", "history", "nowhere").stderr


def test_bad_documents_are_named_and_the_rest_goes_live(careline: Program, tmp_path: Path):
    folder = written(tmp_path / "docs", "Yes.")
    bomb(folder / "bomb.docx", "word/document.xml")
    pdf(folder / "locked.pdf", password="secret")  # noqa: S106  of nothing
    (folder / "broken.md").write_text("---\nquestion: a: b\n---\nx")
    (folder / "twice.csv").write_text("id,question,answer\nsame,a?,A.\nsame,b?,B.\n")
    inside = "http://127.0.0.1:9/"
    done = careline.command("ingest", str(folder), inside, "--kb", "bad")
    assert done.returncode == 1
    assert "version 1 is live: 3 added" in done.stdout
    for told in (
        "bomb.docx: unpacked",
        "locked.pdf: it is encrypted",
        "broken.md:2",
        "twice.csv:3: the id 'same' is taken",
        f"{inside}: 127.0.0.1 is an address of a private network",
    ):
        assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_to_take_in_changes_nothing(careline: Program, tmp_path: Path):
    (tmp_path / "empty.md").write_text("")
    done = careline.command("ingest", str(tmp_path / "empty.md"), "--kb", "it-helpdesk")
    assert done.returncode == 1
    assert "empty.md: there is nothing in it" in done.stderr
    assert "it-helpdesk was not changed" in done.stderr
    assert version(careline, "it-helpdesk") == 1


def started(house: House, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "bot", "--data", str(house.data), "ingest", "--json", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ) | house.environment(),  # noqa: TID251  a child inherits the rest
        cwd=ROOT,
    )


@pytest.mark.parametrize("done", [64, MANY])
def test_killed_in_the_middle_nothing_breaks_and_the_next_run_finishes(
    house: House, careline: Program, tmp_path: Path, done: int
):
    before = version(careline, "shop")
    doomed = started(house, str(many(tmp_path)), "--kb", "shop")
    assert doomed.stdout is not None
    for line in doomed.stdout:
        told = json.loads(line)
        if told["step"] == "encoding" and told["done"] >= done:
            break
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    doomed.stdout.close()
    assert version(careline, "shop") - before in (0, 1)
    asked = json.loads(careline.command("ask", ASKED, "--kb", "shop", "--json").stdout)
    assert asked["version"] == version(careline, "shop")
    finished = careline.command("ingest", str(many(tmp_path)), "--kb", "shop")
    assert finished.returncode == 0
    asked = careline.command("ask", "What is item 7?", "--kb", "shop", "--json")
    assert json.loads(asked.stdout)["candidates"][0]["article"] == "a7"


def test_two_at_once_both_end_well(house: House, careline: Program, tmp_path: Path):
    before = version(careline, "twins")
    folder = written(tmp_path / "docs", "Yes.")
    both = [started(house, str(folder), "--kb", "twins") for _ in range(2)]
    lives = [json.loads(one.communicate()[0].splitlines()[-1]) for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert {one["version"] for one in lives} == {before + 1, before + 2}
    asked = careline.command("ask", ASKED, "--kb", "twins", "--json")
    assert json.loads(asked.stdout)["decision"] == "answer"


async def test_a_program_starts_one_beside_itself(
    house: House, careline: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in house.environment().items():
        monkeypatch.setenv(name, value)
    options = ["--data", str(house.data)]
    (tmp_path / "empty.md").write_text("")
    sources = [str(many(tmp_path)), str(tmp_path / "empty.md")]
    steps = [step async for step in ingest_beside(options, sources, "beside")]
    assert isinstance(steps[-1], Live)
    assert steps[-1].report.added == MANY
    assert any(isinstance(step, Skipped) for step in steps)
    assert Encoding(done=2 * MANY, total=2 * MANY) in steps
    (only,) = [s async for s in ingest_beside(options, [str(tmp_path / "no")], "beside")]
    assert isinstance(only, Failed)
    assert "no such file or folder" in only.why
    monkeypatch.setenv("CARELINE_KNOWLEDGE__PACKS", "perhaps")
    (only,) = [step async for step in ingest_beside(options, sources, "beside")]
    assert isinstance(only, Failed)
    assert "knowledge.packs" in only.why
    monkeypatch.setenv("CARELINE_KNOWLEDGE__PACKS", "false")
    (tmp_path / "many.jsonl").write_text((tmp_path / "many.jsonl").read_text().replace("It.", "X."))
    async with aclosing(ingest_beside(options, sources, "beside")) as stopped:
        async for step in stopped:
            if isinstance(step, Encoding):
                break
    assert version(careline, "beside") == 1
