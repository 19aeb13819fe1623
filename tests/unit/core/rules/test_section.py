"""Rules of the settings lie over those that ship; what is wrong is named by rule and place."""

from pathlib import Path

import pytest

from bot.core.rules.section import RuleSection, rules_of, shipped, tags_of
from bot.core.words import ENGLISH
from bot.domain.errors import SettingsError
from bot.settings import load

NAMES = [rule.name for rule in shipped()]


def test_the_shipped_rules_are_what_the_documents_say():
    assert len(set(NAMES)) == len(NAMES) == 15
    assert all(rule.words in ENGLISH for rule in shipped())
    assert next(r for r in shipped() if r.name == "self-harm").priority == "urgent"


def test_a_rule_is_changed_or_switched_off_by_its_name():
    given = [
        RuleSection(name="vip", team="care", priority="urgent", lines=("shop",)),
        RuleSection(name="fraud", enabled=False),
        RuleSection(name="own", when="turns > 3", words="One moment, {wait}."),
    ]
    rules = {rule.name: rule for rule in rules_of(given, ("shop", "it"))}
    assert list(rules) == [*(name for name in NAMES if name != "fraud"), "own"]
    vip = rules["vip"]
    assert (vip.when, vip.team, vip.priority) == ("contact.vip", "care", "urgent")
    assert (vip.words, vip.lines) == ("handed_over_vip", ("shop",))
    assert (rules["own"].reason, rules["own"].human_led) == ("rule", False)


def settings(tmp_path: Path, text: str) -> tuple[str, ...]:
    file = tmp_path / "careline.toml"
    file.write_text(text, encoding="utf-8")
    try:
        load(file, tmp_path)
    except SettingsError as refused:
        return refused.faults
    return ()


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('name = "own"', ["rules.own: when: is needed, as no such rule ships"]),
        ('name = "own"\nwhen = "turn > 1"',
         ["rules.own: when: line 1, column 1: there is no turn; did you mean turns?"]),
        ('name = "vip"\nlines = ["x"]', ["rules.vip: lines: there is no line x"]),
        ('name = "vip"\n[[rules]]\nname = "vip"', ["rules.vip: there are two rules of this name"]),
        ('name = "vip"\nwords = "Wait {now}."\nwhen = "1 +"',
         ["rules.vip.words: Value error, only {wait} and {help_line} are filled in; write {{ for a "
          "brace", "rules.vip: when: line 1, column 4: mismatched input '<EOF>'"]),
        ('name = "vip"\nwords = "handd_over"', ["rules.vip.words: Value error, is neither a key"]),
        ('name = "vip"\nwords = "a { b"', ["rules.vip.words: Value error, has a brace"]),
        ('name = "vip"\nwords = "In {wait:d}."', ["rules.vip.words: Value error, only {wait} and"]),
        ('name = "vip"\nwords = "In {wait!x}."', ["rules.vip.words: Value error, only {wait} and"]),
        ('name = "vip"\nteam = "out"\n[teams.support]', ["rules.vip.team: there is no team out"]),
        ('name = "vip"\npriority = "huge"', ["rules.vip.priority: Input should be 'low'"]),
        ('name = "vip"\nwhenn = "x"', ["rules.vip.whenn: there is no such key"]),
        ('name = "vip"\nenabled = false', []),
    ],
)  # fmt: skip
def test_faults_are_named_by_rule(tmp_path: Path, text: str, faults: list[str]):
    found = settings(tmp_path, f"[[rules]]\n{text}\n")
    assert len(found) == len(faults)
    assert all(one.startswith(start) for one, start in zip(found, faults, strict=True))


def test_contacts_have_their_tags():
    assert tags_of({"vip": ("a", "b"), "trade": ("b",)}) == {"a": ("vip",), "b": ("vip", "trade")}
