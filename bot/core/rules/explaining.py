"""Why a rule fires or not: the values it looked at, and which of its parts were false."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.rules.cel import Malformed, Undecidable, condition, sight
from bot.core.rules.parts import parts, variables_in
from bot.domain.rules import Judgement, Moment, Value, Verdict, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One rule at one moment. `parts` are its comparisons with what each was, in order."""

    rule: str
    priority: str
    moment: Moment
    when: str
    fires: bool
    wins: bool
    offered: bool
    fault: str | None
    values: Mapping[str, Value]
    parts: tuple[tuple[str, bool | None], ...]


def explained(judgement: Judgement) -> tuple[Explained, ...]:
    """Every rule that was judged, in order."""
    values = values_of(judgement.facts)
    return tuple(_explained(judgement, one, values) for one in judgement.verdicts)


def _explained(judgement: Judgement, one: Verdict, values: Mapping[str, Value]) -> Explained:
    when = one.rule.when
    return Explained(
        rule=one.rule.name,
        priority=one.rule.priority,
        moment=judgement.moment,
        when=when,
        fires=one.fires,
        wins=judgement.winner == one.rule,
        offered=judgement.offered == one.rule,
        fault=one.fault,
        values={name: values[name] for name in variables_in(when)},
        parts=tuple((part, _holds(part, values)) for part in parts(when)),
    )


def _holds(part: str, values: Mapping[str, Value]) -> bool | None:
    """Whether a part is true; None for what is neither true nor false by itself."""
    try:
        return condition(part).holds(sight(values))
    except (Malformed, Undecidable):
        return None
