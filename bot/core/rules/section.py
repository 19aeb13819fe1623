"""The rules of `careline.toml`, laid over those that ship."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files
from string import Formatter
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.rules.cel import Malformed, condition
from bot.core.words import ENGLISH
from bot.domain.errors import SettingsError
from bot.domain.handoff import Priority, Reason
from bot.domain.rules import Rule

_NUMBERED = re.compile(r"^rules\.(\d+)\.")
_PLACES = frozenset(("wait", "help_line"))


def _sayable(words: str) -> str:
    if words in ENGLISH:
        return words
    if " " not in words.strip():
        raise ValueError("is neither a key of the message catalogue nor a sentence")
    try:
        places = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    except ValueError as exc:
        raise ValueError("has a brace that is not closed; write {{ for one") from exc
    if places - _PLACES or any(how or turned for _, _, how, turned in Formatter().parse(words)):
        # "{wait:d}" would fail, or fill the memory, in the moment in which it is to be said.
        raise ValueError("only {wait} and {help_line} are filled in; write {{ for a brace")
    return words


_Tag = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
Contacts: TypeAlias = dict[_Tag, tuple[str, ...]]
"""Handles by their tag."""


class RuleSection(BaseModel):
    """One table of `[[rules]]`; see `bot.domain.rules.Rule` for what each key means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")
    when: str | None = None
    priority: Priority | None = None
    team: str | None = Field(default=None, min_length=1)
    words: Annotated[str, Field(max_length=1000), AfterValidator(_sayable)] | None = None
    human_led: bool | None = None
    answer_first: bool | None = None
    csat: bool | None = None
    lines: tuple[str, ...] | None = None
    enabled: bool | None = None


class _Shipped(RuleSection):
    """A rule of ours may call for one of the reasons that were there before there were rules."""

    reason: Reason = "rule"


def shipped() -> tuple[Rule, ...]:
    """The rules that ship, in their order."""
    text = files("bot.core.rules").joinpath("defaults.toml").read_text(encoding="utf-8")
    sections = (_Shipped.model_validate(one) for one in tomllib.loads(text)["rules"])
    return tuple(_laid_over(Rule(name=s.name, when="", reason=s.reason), s) for s in sections)


def rules_of(given: Sequence[RuleSection], lines: Collection[str]) -> tuple[Rule, ...]:
    """The rules in force: those that ship, changed by name or disabled, then the others.

    Raises `SettingsError` with every fault.
    """
    rules = {rule.name: rule for rule in shipped()}
    faults: list[str] = []
    for section in given:
        known = rules.get(section.name)
        if known is None and section.when is None:
            faults.append(f"rules.{section.name}: when: is needed, as no such rule ships")
        unknown = [one for one in section.lines or () if one not in lines]
        faults += [f"rules.{section.name}: lines: there is no line {one}" for one in unknown]
        rules[section.name] = _laid_over(known or Rule(name=section.name, when="true"), section)
    names = [section.name for section in given]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        faults.append(f"rules.{name}: there are two rules of this name")
    for rule in rules.values():
        try:
            condition(rule.when)
        except Malformed as exc:
            faults += [f"rules.{rule.name}: when: {fault}" for fault in exc.faults]
    if faults:
        raise SettingsError(faults)
    off = {section.name for section in given if section.enabled is False}
    return tuple(rule for rule in rules.values() if rule.name not in off)


def rule_faults(given: Sequence[RuleSection], lines: Collection[str]) -> tuple[str, ...]:
    """What is wrong with an operator's rules; those that ship are right."""
    try:
        if given:
            rules_of(given, lines)
    except SettingsError as exc:
        return exc.faults
    return ()


def tags_of(contacts: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The tags of each handle that has any."""
    handles = dict.fromkeys(handle for held in contacts.values() for handle in held)
    return {
        handle: tuple(tag for tag, held in contacts.items() if handle in held) for handle in handles
    }


def condition_faults(given: object) -> list[str]:
    """The faults of conditions in rules that may have other faults, so that none hides another."""
    rules = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    faults: list[str] = []
    for rule in rules:
        try:
            condition(str(rule.get("when", "true")))
        except Malformed as exc:
            faults += [f"rules.{rule.get('name')}: when: {fault}" for fault in exc.faults]
    return faults


def by_name(faults: Sequence[str], given: object) -> list[str]:
    """The faults with the name of their rule in place of its number."""
    return [_NUMBERED.sub(lambda found: _name(given, int(found[1])), fault) for fault in faults]


def _name(given: object, number: int) -> str:
    rule = given[number] if isinstance(given, list) and number < len(given) else None
    name = rule.get("name") if isinstance(rule, dict) else None
    return f"rules.{name if isinstance(name, str) and name.isprintable() else number}."


def _laid_over(rule: Rule, section: RuleSection) -> Rule:
    """What the section names takes the place of what the rule says."""
    return Rule(
        name=rule.name,
        when=rule.when if section.when is None else section.when,
        priority=section.priority or rule.priority,
        team=section.team or rule.team,
        words=section.words or rule.words,
        human_led=rule.human_led if section.human_led is None else section.human_led,
        answer_first=rule.answer_first if section.answer_first is None else section.answer_first,
        csat=rule.csat if section.csat is None else section.csat,
        lines=rule.lines if section.lines is None else section.lines,
        reason=rule.reason,
    )
