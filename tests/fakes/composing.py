"""Compose jobs and their costs in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.conversation import Compose
from bot.domain.writing import Spent, Usage


class FakeComposing:
    def __init__(self, composes: dict[str, Compose], costs: dict[str, Spent]) -> None:
        self._composes = composes
        self._costs = costs

    async def add(self, compose: Compose) -> None:
        self._composes.setdefault(compose.id, compose)

    async def get(self, compose_id: str) -> Compose | None:
        return self._composes.get(compose_id)

    async def done(self, compose_id: str) -> None:
        self._composes.pop(compose_id, None)

    async def spend(self, spent: Spent) -> None:
        before = self._costs.get(spent.job)
        usage = _sum([before.usage, spent.usage]) if before else spent.usage
        self._costs[spent.job] = replace(spent, usage=replace(usage, model=spent.usage.model))

    async def spent(self, since: datetime) -> Usage:
        return _sum([one.usage for one in self._costs.values() if one.at >= since])


def _sum(usages: Sequence[Usage]) -> Usage:
    return Usage(
        tokens_in=sum(one.tokens_in for one in usages),
        tokens_out=sum(one.tokens_out for one in usages),
        micros=sum(one.micros for one in usages),
    )
