"""Counts how a knowledge base does with questions of which the right article is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, TypeAlias

from bot.domain.knowledge import Consultation

Outcome: TypeAlias = Literal[
    "answered_right", "answered_wrong", "offered_right", "offered_wrong", "unknown",
    "oos_answered", "oos_offered", "oos_unknown",
]  # fmt: skip
IN_SCOPE: tuple[Outcome, ...] = (
    "answered_right", "answered_wrong", "offered_right", "offered_wrong", "unknown",
)  # fmt: skip
OUT_OF_SCOPE: tuple[Outcome, ...] = ("oos_answered", "oos_offered", "oos_unknown")
# Of the normal distribution, for 95 %.
_Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One question: its right article, None for none; what the library said, and how fast."""

    article: str | None
    found: Consultation
    seconds: float

    @property
    def first_right(self) -> bool:
        """Whether the right article stands first, whatever the gate decides."""
        passages = self.found.passages
        return self.article is not None and bool(passages) and passages[0].article == self.article

    @property
    def outcome(self) -> Outcome:
        """What the customer would have met."""
        decision = self.found.decision
        if self.article is None:
            outside: Mapping[str, Outcome] = {
                "answer": "oos_answered",
                "choices": "oos_offered",
                "unknown": "oos_unknown",
            }
            return outside[decision]
        if decision == "unknown":
            return "unknown"
        if decision == "answer":
            return "answered_right" if self.first_right else "answered_wrong"
        among = any(one.article == self.article for one in self.found.passages)
        return "offered_right" if among else "offered_wrong"


def figures(tried: Sequence[Tried]) -> dict[str, object]:
    """One flat object: counts, shares, times in milliseconds, and 95 % intervals of shares.

    A share of nothing is null.
    """
    inside = [one for one in tried if one.article is not None]
    outside = len(tried) - len(inside)
    counts: dict[str, int] = {name: 0 for name in (*IN_SCOPE, *OUT_OF_SCOPE)}  # noqa: C420  keys of another type
    for one in tried:
        counts[one.outcome] += 1
    first = sum(one.first_right for one in inside)
    times = sorted(1000 * one.seconds for one in tried)
    shares: dict[str, tuple[int, int]] = {
        "top1": (first, len(inside)),
        **{name: (counts[name], len(inside)) for name in IN_SCOPE},
        **{name: (counts[name], outside) for name in OUT_OF_SCOPE[:2]},
        "oos_recall": (counts["oos_unknown"], outside),
    }
    return {
        "n": len(tried),
        "in_scope": len(inside),
        "out_of_scope": outside,
        "top1": _share(first, len(inside)),
        **counts,
        "oos_recall": _share(counts["oos_unknown"], outside),
        "p50_ms": round(_quantile(times, 0.5), 3),
        "p95_ms": round(_quantile(times, 0.95), 3),
        "intervals": {name: interval(*share) for name, share in shares.items()},
    }


def interval(hits: int, of: int) -> list[float] | None:
    """Where the share lies in 95 of 100 cases (Wilson); None for a share of nothing."""
    if of == 0:
        return None
    share, room = hits / of, _Z * _Z / of
    middle = share + room / 2
    half = _Z * sqrt(share * (1 - share) / of + room / (4 * of))
    low, high = (middle - half) / (1 + room), (middle + half) / (1 + room)
    return [round(max(low, 0.0), 4), round(min(high, 1.0), 4)]


def curve(tried: Sequence[Tried]) -> list[tuple[float, float]]:
    """Coverage and precision when the surest questions are answered, one point a question.

    Coverage is the share of all questions that are answered; an answer to a question that no
    article answers is a wrong one.
    """
    surest = sorted(tried, key=lambda one: -one.found.confidence)
    points, right = [], 0
    for count, one in enumerate(surest, start=1):
        right += one.first_right
        points.append((count / len(surest), right / count))
    return points


def _share(hits: int, of: int) -> float | None:
    return round(hits / of, 4) if of else None


def _quantile(ordered: Sequence[float], share: float) -> float:
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
