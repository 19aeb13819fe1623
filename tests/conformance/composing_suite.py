"""What every store must do with compose jobs and what they have cost."""

from dataclasses import replace

from bot.domain.conversation import Compose
from bot.domain.ports import Store
from bot.domain.writing import Spent, Usage
from tests.conformance.store_words import NOW, SECOND


class ComposingSuite:
    """Part of `StoreSuite`."""

    async def test_a_compose_job_is_there_until_it_is_done(self, store: Store):
        async with store.transaction() as t:
            await t.composing.add(a_compose("p1"))
            await t.composing.add(a_compose("p1"))
        async with store.transaction() as t:
            assert await t.composing.get("p1") == a_compose("p1")
            assert await t.composing.get("p2") is None
            await t.composing.done("p1")
            await t.composing.done("p1")
        async with store.transaction() as t:
            assert await t.composing.get("p1") is None

    async def test_what_turns_have_cost_adds_up_from_a_moment_on(self, store: Store):
        usage = Usage(model="m", tokens_in=100, tokens_out=20, micros=7)
        spent = Spent(job="p1", line="shop", at=NOW, ended="written", usage=usage)
        earlier = replace(spent, job="p0", at=NOW - SECOND)
        async with store.transaction() as t:
            assert await t.composing.spent(NOW) == Usage()
            for one in (earlier, spent, spent):  # done twice, it has cost twice
                await t.composing.spend(one)
        async with store.transaction() as t:
            used = await t.composing.spent(NOW)
            assert used == Usage(tokens_in=200, tokens_out=40, micros=14)
            assert (await t.composing.spent(NOW - SECOND)).micros == 21


def a_compose(name: str) -> Compose:
    return Compose(
        id=name,
        conversation="c1",
        version=1,
        question="Where is my parcel?",
        passages=("a1", "a2"),
        trace="t",
        asker="web:visitor-1",
    )
