"""`careline rules`: what is in force, and a dialogue tried out with its reasons."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.rules import _Seen, _show, _Talk, _told
from bot.core.lines import Lines
from bot.core.routes import build_router
from bot.core.rules.book import RuleBook
from bot.core.rules.calling import Judge
from bot.core.rules.explaining import explained
from bot.core.rules.section import shipped
from bot.domain.rules import Judgement, Rule
from tests.fakes.library import FakeLibrary
from tests.fakes.reader import FakeReader
from tests.unit.core.house import PAYING, RETURNS, line

OWN = Rule(name="own", when="decision == 'answer' && (turns / (turns - 1) > 5 || rejected)")


async def tried(*messages: str) -> list[_Seen]:
    lines, reader, judged = Lines([line()]), FakeReader(), list[Judgement]()
    book = RuleBook([*shipped(), OWN])
    judge = Judge(book=book, reader=reader, lines=lines, told=judged.append)
    router = build_router(FakeLibrary(shop=(RETURNS, PAYING)), judge, composes=False)
    talk, seen = _Talk(router, reader, lines, "shop", "max"), []
    for message in messages:
        judged.clear()
        outcome = await talk.say(message)
        rules = {one.rule: one for every in judged for one in explained(every)}
        seen.append(_Seen(message=message, decision=outcome.decision, rules=tuple(rules.values())))
    return seen


async def test_a_dialogue_is_tried_in_order():
    told = [_told(one) for one in await tried(RETURNS.question, "no", "xyzzy")]
    assert [(one["decision"], one["rule"]) for one in told] == [
        ("answer", None),
        ("rejected", None),
        ("handoff_unknowns", "rejected-and-unknown"),
    ]
    json.dumps(told)


async def test_reasons_values_and_faults(capsys: pytest.CaptureFixture[str]):
    first, second = await tried(RETURNS.question, PAYING.question)
    assert _told(first)["faults"] == [{"rule": "own", "fault": "divide by zero"}]
    own = next(one for one in second.rules if one.rule == "own")
    assert (own.moment, own.fires) == ("after", False)
    assert own.values == {"decision": "answer", "turns": 2, "rejected": False}
    assert dict(own.parts) == {
        "decision == 'answer'": True,
        "turns / (turns - 1) > 5": False,
        "rejected": False,
    }
    _show(first)
    _show(second)
    out = capsys.readouterr().out
    assert "CANNOT BE DECIDED: divide by zero" in out
    assert "false: turns / (turns - 1) > 5; rejected" in out


def call(tmp_path: Path, text: str, *arguments: str):
    (tmp_path / "careline.toml").write_text(text, encoding="utf-8")
    config = ["--data", str(tmp_path), "--config", str(tmp_path / "careline.toml")]
    return CliRunner().invoke(app, [*config, "rules", *arguments])


def test_the_rules_in_force_are_listed(tmp_path: Path):
    text = '[[rules]]\nname = "vip"\nenabled = false\n[[rules]]\nname = "own"\nwhen = "turns > 3"\n'
    done = call(tmp_path, text, "list", "--json")
    rules = {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert "vip" not in rules
    assert (rules["own"]["when"], rules["own"]["moment"]) == ("turns > 3", "before")
    assert "human-led-topic" in call(tmp_path, text, "list").stdout


def test_a_faulty_rule_and_an_unknown_line_are_refused(tmp_path: Path):
    done = call(tmp_path, '[[rules]]\nname = "own"\nwhen = "turn > 3"\n', "list")
    assert done.exit_code == 2
    assert "rules.own: when: line 1, column 1: there is no turn" in done.stderr
    done = call(tmp_path, "", "test", "hi", "--line", "nope")
    assert (done.exit_code, done.stderr) == (2, "careline: --line: there is no line nope\n")
