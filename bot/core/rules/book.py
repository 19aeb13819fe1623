"""The rules of the product, judged together: the highest priority that calls a person wins."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeAlias

from bot.core.rules.cel import Condition, Malformed, Sight, Undecidable, condition, sight
from bot.domain.errors import SettingsError
from bot.domain.rules import PRIORITIES, Facts, Judgement, Moment, Rule, Verdict, values_of

log = logging.getLogger("careline.core")

Judged: TypeAlias = Callable[[Judgement], None]
"""Told of every judgement."""


class RuleBook:
    """The rules in their order. Raises `SettingsError` with every fault of every rule."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: list[tuple[Rule, Condition]] = []
        faults: list[str] = []
        for rule in rules:
            try:
                self._rules.append((rule, condition(rule.when)))
            except Malformed as exc:
                faults += [f"rules.{rule.name}: when: {fault}" for fault in exc.faults]
        if faults:
            raise SettingsError(faults)

    def all(self) -> tuple[tuple[Rule, Moment], ...]:
        """Every rule with the first moment at which it can be judged."""
        return tuple((rule, held.moment) for rule, held in self._rules)

    def judge(self, facts: Facts, moment: Moment) -> Judgement:
        """Judge what can be judged now. What cannot be decided does not fire, and is told."""
        seen = sight(values_of(facts))
        verdicts = tuple(
            _verdict(rule, held, seen)
            for rule, held in self._rules
            if rule.is_for(facts.line_name) and (moment == "after" or held.moment == "before")
        )
        firing = [one.rule for one in verdicts if one.fires]
        offered = [rule for rule in firing if rule.waits and _is_answered(facts)]
        winner = _highest(rule for rule in firing if rule not in offered)
        return Judgement(
            moment=moment,
            facts=facts,
            verdicts=verdicts,
            winner=winner,
            offered=None if winner else _highest(offered),
        )


def _verdict(rule: Rule, held: Condition, seen: Sight) -> Verdict:
    try:
        return Verdict(rule=rule, fires=held.holds(seen))
    except Undecidable as exc:
        log.warning("rule_failed", extra={"rule": rule.name})
        return Verdict(rule=rule, fires=False, fault=str(exc))


def _is_answered(facts: Facts) -> bool:
    """Whether information is all that was asked for, and it is there."""
    decided = facts.decided
    return facts.only_asks and decided is not None and decided.decision == "answer"


def _highest(rules: Iterable[Rule]) -> Rule | None:
    return max(rules, key=lambda rule: PRIORITIES.index(rule.priority), default=None)
