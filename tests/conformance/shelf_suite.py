"""What every shelf must do, whatever keeps its articles."""

import asyncio
import struct
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.errors import Conflict
from bot.domain.knowledge import Article, Calibration, Labelled
from bot.domain.ports import Edition, Phrasing, Shelf

PATIENCE_SECONDS = 10.0

TRACK = Article(
    id="track",
    question="Where is my parcel?",
    variants=("tracking", "wo ist mein Päckchen 📦"),
    answer="Open the link.\n\nIt is in the mail.",
    url="https://shop.example/track",
    source="articles/track.md",
)
PAY = Article(
    id="pay", question="How can I pay?", answer="By card.", language="pt-BR", human_led=True
)
COST = Article(id="cost", question="What is delivery?", answer="Free.", verbatim_only=True)


def edition(kb: str = "shop", *, version: int = 0, articles: int = 2) -> Edition:
    return Edition(
        kb=kb,
        version=version,
        fingerprint="f00d",
        articles=articles,
        gate=(0.4375, 0.25),
        made_at=datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC),
        judge=b"\x00\xff judge",
    )


def phrasings(*articles: Article) -> tuple[Phrasing, ...]:
    """Three vectors for each article."""
    return tuple(
        Phrasing(
            article=article.id,
            kind="question_answer" if place == 2 else "question",
            digest=f"{article.id}-{place}-{len(article.answer)}",
            vector=struct.pack("<4f", place, 0.5, -0.25, len(article.answer)),
        )
        for article in articles
        for place in range(3)
    )


async def put(shelf: Shelf, kb: str, *articles: Article, version: int = 0) -> int:
    made = edition(kb, version=version, articles=len(articles))
    return await shelf.publish(made, articles, phrasings(*articles))


class ShelfSuite:
    """Subclass it and give it an empty shelf."""

    @pytest.fixture
    def shelf(self) -> Shelf:
        raise NotImplementedError

    async def test_labelled_questions_are_replaced_as_a_whole(self, shelf: Shelf):
        assert await shelf.calibration("shop") is None
        for article in ("track", None):
            question = Labelled(question="wo ist es? 📦", article=article, vector=b"\x00\xff\x80")
            made = Calibration(fingerprint="f00d", questions=(question,) * 3)
            await shelf.relabel("shop", made)
            assert await shelf.calibration("shop") == made
        assert await shelf.calibration("it-helpdesk") is None

    async def test_questions_are_of_what_a_line_may_ask_a_machine(self, shelf: Shelf):
        theirs = replace(COST, lines=("it",))
        await put(shelf, "shop", TRACK)
        await put(shelf, "shop", TRACK, PAY, theirs, version=1)
        assert await shelf.questions("shop", "shop") == (TRACK.question,)
        assert await shelf.questions("shop", "it") == (theirs.question, TRACK.question)
        assert await shelf.questions("shop", "it", most=1) == (theirs.question,)
        assert await shelf.questions("none", "it") == ()

    async def test_an_empty_shelf_has_nothing(self, shelf: Shelf):
        assert await shelf.live() == ()
        assert await shelf.articles("shop", 1) == ()
        assert await shelf.phrasings("shop", 1) == ()

    async def test_what_was_published_comes_back(self, shelf: Shelf):
        version = await put(shelf, "shop", TRACK, PAY)
        assert version == 1
        assert await shelf.live() == (edition(version=1),)
        assert await shelf.articles("shop", 1) == (PAY, TRACK)  # by id
        assert await shelf.phrasings("shop", 1) == phrasings(PAY, TRACK)

    async def test_the_next_edition_takes_over_and_the_last_stays_readable(self, shelf: Shelf):
        await put(shelf, "shop", TRACK, PAY)
        changed = replace(TRACK, answer="Ask the courier.")
        assert await put(shelf, "shop", changed, COST, version=1) == 2
        (live,) = await shelf.live()
        assert live.version == 2
        assert await shelf.articles("shop", 2) == (COST, changed)
        assert await shelf.phrasings("shop", 2) == phrasings(COST, changed)
        assert await shelf.articles("shop", 1) == (PAY, TRACK)
        assert await shelf.phrasings("shop", 1) == phrasings(PAY, TRACK)

    async def test_an_article_that_went_may_come_back(self, shelf: Shelf):
        await put(shelf, "shop", TRACK, PAY)
        await put(shelf, "shop", PAY, version=1)
        await put(shelf, "shop", PAY, TRACK, version=2)
        assert await shelf.articles("shop", 1) == (PAY, TRACK)
        assert await shelf.articles("shop", 2) == (PAY,)
        assert await shelf.articles("shop", 3) == (PAY, TRACK)
        assert await shelf.phrasings("shop", 3) == phrasings(PAY, TRACK)

    async def test_versions_older_than_two_are_dropped(self, shelf: Shelf):
        for version in range(4):
            changed = replace(PAY, answer=f"Answer {version + 1}.")
            await put(shelf, "shop", TRACK, changed, version=version)
        await put(shelf, "it", TRACK)
        assert await shelf.articles("shop", 1) == ()  # nor what has not changed since
        assert await shelf.phrasings("shop", 1) == ()
        for version in (2, 3, 4):
            changed = replace(PAY, answer=f"Answer {version}.")
            assert await shelf.articles("shop", version) == (changed, TRACK)
            assert await shelf.phrasings("shop", version) == phrasings(changed, TRACK)
        assert await shelf.articles("it", 1) == (TRACK,)

    async def test_fewer_phrasings_leave_none_behind(self, shelf: Shelf):
        await put(shelf, "shop", TRACK)
        fewer = phrasings(TRACK)[1:]
        await shelf.publish(edition(version=1, articles=1), [TRACK], fewer)
        assert await shelf.phrasings("shop", 2) == fewer
        assert await shelf.phrasings("shop", 1) == phrasings(TRACK)

    async def test_knowledge_bases_do_not_meet(self, shelf: Shelf):
        await put(shelf, "shop", TRACK)
        await put(shelf, "it", replace(TRACK, answer="Ask IT."))
        assert [(one.kb, one.version) for one in await shelf.live()] == [("it", 1), ("shop", 1)]
        assert await shelf.articles("shop", 1) == (TRACK,)
        assert (await shelf.articles("it", 1))[0].answer == "Ask IT."

    async def test_an_edition_made_from_an_old_one_is_refused_whole(self, shelf: Shelf):
        await put(shelf, "shop", TRACK)
        with pytest.raises(Conflict):
            await put(shelf, "shop", PAY)
        with pytest.raises(Conflict):
            await put(shelf, "shop", PAY, version=7)
        assert await shelf.live() == (edition(version=1, articles=1),)
        assert await shelf.articles("shop", 1) == (TRACK,)

    async def test_of_two_at_once_one_wins(self, shelf: Shelf):
        await put(shelf, "shop", TRACK)
        results = await asyncio.gather(
            put(shelf, "shop", PAY, version=1),
            put(shelf, "shop", COST, version=1),
            return_exceptions=True,
        )
        assert sum(isinstance(one, Conflict) for one in results) == 1
        assert 2 in results
        assert len(await shelf.articles("shop", 2)) == 1

    async def test_whoever_follows_hears_of_each_knowledge_base(self, shelf: Shelf):
        async with asyncio.timeout(PATIENCE_SECONDS), shelf.changes() as changes:
            await put(shelf, "shop", TRACK)
            await put(shelf, "it", PAY)
            waiting = {"shop", "it"}
            async for name in changes:
                waiting.discard(name)
                if not waiting:
                    break

    async def test_a_change_is_readable_when_it_is_heard(self, shelf: Shelf):
        async with asyncio.timeout(PATIENCE_SECONDS), shelf.changes() as changes:
            await put(shelf, "shop", TRACK)
            async for name in changes:
                assert name == "shop"
                assert (await shelf.live())[0].version == 1
                break

    async def test_two_may_follow(self, shelf: Shelf):
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            shelf.changes() as one,
            shelf.changes() as other,
        ):
            await put(shelf, "shop", TRACK)
            assert await anext(one) == await anext(other) == "shop"
