"""What every `Store` must do about results: the first of its kind stays."""

from dataclasses import replace

from bot.domain.ports import Store
from bot.domain.results import Ending, Rating, Score
from tests.conformance.store_words import NOW, SECOND, conversation

RATED = Rating(handoff="h1", conversation="c1", line="shop", score=4, at=NOW)
ENDED = Ending(conversation="c1", line="shop", end="assumed", at=NOW)


class ResultsSuite:
    """Part of `StoreSuite`."""

    async def test_the_first_score_stays_and_a_comment_may_follow(self, store: Store):
        async with store.transaction() as t:
            await t.conversations.add(conversation())
            assert await t.results.rating("h1") is None
            await t.results.keep(RATED)
        second = replace(RATED, score=1, at=NOW + SECOND, comment="Straße 🙂")
        for late in (second, replace(second, comment="again"), replace(second, comment=None)):
            async with store.transaction() as t:
                await t.results.keep(late)
        async with store.reading() as t:
            assert await t.results.rating("h1") == replace(RATED, comment="Straße 🙂")
            assert await t.results.rating("h2") is None

    async def test_an_end_is_kept_again_without_harm(self, store: Store):
        async with store.transaction() as t:
            await t.conversations.add(conversation())
            await t.results.keep(ENDED)
        async with store.transaction() as t:
            await t.results.keep(replace(ENDED, end="abandoned"))

    async def test_a_score_is_kept_again_without_harm(self, store: Store):
        score = Score(conversation="c1", line="shop", party="bot", at=NOW, answered=True)
        async with store.transaction() as t:
            await t.conversations.add(conversation())
            await t.results.keep(score)
            await t.results.keep(replace(score, party="people"))
        async with store.transaction() as t:
            await t.results.keep(replace(score, answered=False))
