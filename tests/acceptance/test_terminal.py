"""`careline chat`: the conversation in a terminal, its words piped in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import House, open_house

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


def _chat(house: House, typed: str, *options: str) -> str:
    ended = house.program().command("chat", *options, stdin=typed)
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


def test_an_answer_is_printed_with_its_source(house: House):
    said = _chat(house, "how long does delivery take?\n")
    assert "I am the automated assistant of the shop" in said
    assert "working days" in said
    assert "source: " in said
    assert "https://shop.example/" in said


def test_nonsense_is_admitted_and_a_number_presses_the_choice(house: House):
    said = _chat(house, "purple elephants quantum sing\n")
    assert "I do not know the answer" in said
    assert "1. Talk to a person" in said


def test_every_line_of_a_script_is_answered_before_the_next(house: House):
    said = _chat(house, "how long does delivery take?\npurple elephants quantum sing\n1\n")
    places = [said.index(w) for w in ("working days", "I do not know", "asked a person to join")]
    assert places == sorted(places)


def test_all_answers_to_several_questions_are_printed(house: House):
    said = _chat(house, "hi\nHow long does delivery take? How do I create an account?\n")
    places = [said.index(w) for w in ("What can I do", "working days", "New customer")]
    assert places == sorted(places)
    assert said.count("source: ") == 2


def test_asking_for_a_person_is_answered_with_the_expected_wait(house: House):
    said = _chat(house, "can I talk to a human?\n", "--line", "it")
    assert "the IT help desk" in said
    assert "I have asked a person to join. Somebody usually answers within" in said


def test_nothing_typed_and_quit_end_at_once(house: House):
    assert _chat(house, "/quit\nhow long does delivery take?\n").count("\n") == 1
    assert "working days" not in _chat(house, "\n  \n")


def test_a_line_that_does_not_exist_is_named(house: House):
    ended = house.program().command("chat", "--line", "nowhere", stdin="")
    assert (ended.returncode, "no line nowhere" in ended.stderr) == (2, True)


def _asked(house: House, words: str) -> dict[str, Any]:
    ended = house.program().command("ask", words, "--kb", "shop", "--json")
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_asking_shows_what_is_made_of_a_message(house: House):
    assert _asked(house, "thanks a lot!")["decision"] == "courtesy"
    slip = _asked(house, "how long does delivry taek")
    assert (slip["decision"], slip["article"], slip["how"]) == ("answer", "delivery-time", "mended")
    both = _asked(house, "How long does delivery take? How do I create an account?")
    assert [part["article"] for part in both["parts"]] == ["delivery-time", "create-account"]
    assert _asked(house, "Wie lange dauert denn die Lieferung?")["language"] == "de"
    shown = house.program().command("ask", "hello", "--kb", "shop").stdout
    assert "decision: courtesy" in shown


def test_a_report_tells_what_was_asked_and_only_its_owner_may_read_it(house: House, tmp_path: Path):
    _chat(house, "how long does delivery take?\ndo you <b>sell</b> purple elephants\n")
    out = tmp_path / "report.html"
    ended = house.program().command("kb", "report", "shop", "--out", str(out))
    assert ended.returncode == 0, ended.stderr
    assert f"{out}: " in ended.stdout
    page = out.read_text("utf-8")
    assert "Knowledge report: shop" in page
    assert "<b>sell</b>" not in page
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_report_says_what_it_misses(house: House, tmp_path: Path):
    ended = house.program().command("kb", "report", "nowhere")
    assert (ended.returncode, "no live version" in ended.stderr) == (2, True)
    out = tmp_path / "nowhere" / "report.html"
    ended = house.program().command("kb", "report", "shop", "--out", str(out))
    assert (ended.returncode, "cannot be written" in ended.stderr) == (2, True)
    assert "Traceback" not in ended.stderr


def test_the_knowledge_bases_are_listed(house: House):
    ended = house.program().command("kb")
    assert ended.returncode == 0, ended.stderr
    assert "\nshop  " in f"\n{ended.stdout}"
