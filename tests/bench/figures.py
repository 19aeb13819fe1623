"""Figures as they are reported, and the arithmetic behind them."""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be."""

    sign: Literal["<=", ">="]
    bound: float

    def met(self, value: float) -> bool:
        return value <= self.bound if self.sign == "<=" else value >= self.bound

    def words(self) -> str:
        return f"{self.sign} {self.bound:g}"


def at_most(bound: float) -> Goal:
    return Goal("<=", bound)


def at_least(bound: float) -> Goal:
    return Goal(">=", bound)


class Report:
    """One JSON line a figure, as soon as it is known; what is going on goes to standard error."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def add(self, figure: str, value: float, unit: str, goal: Goal | None = None) -> None:
        """Report a figure; `ok` is null where there is no goal."""
        ok = goal.met(value) if goal else None
        if ok is False:
            self.missed.append(figure)
        line = {
            "figure": figure,
            "value": round(value, 3),
            "unit": unit,
            "goal": goal.words() if goal else None,
            "ok": ok,
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    def spread(
        self, what: str, seconds: Sequence[float], *, most: bool = True, goal: Goal | None = None
    ) -> None:
        """p50, p95, p99 (which the goal is about) and the maximum of some times, in ms."""
        for share in (50, 95, 99):
            bound = goal if share == 99 else None
            self.add(f"{what} p{share}", 1000 * percentile(seconds, share), "ms", bound)
        if most:
            self.add(f"{what} maximum", 1000 * max(seconds), "ms")

    def say(self, words: str) -> None:
        """Tell whoever watches what is being done."""
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()


def percentile(values: Sequence[float], share: int) -> float:
    """Interpolated between the two nearest values."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]
