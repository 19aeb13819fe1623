"""What is approved is published beside the articles of a source, and goes when it is undone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from bot.domain.teaching import Proposal, Wording, approved, undone
from knowledge.ingest import ingest_again
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import FakeShelf
from tests.unit.knowledge.test_ingest import PAY, TRACK, Counting, put

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


def lesson(name: str, *questions: str, article: str | None = None) -> Proposal:
    made = Proposal(
        id=name, source=name, kb="shop", line="shop", kind="article", questions=questions,
        answer="In May.", language="en", proposed_at=NOW,
    )  # fmt: skip
    return approved(made, Wording(article=article), by="ada", at=NOW)


@pytest.fixture
def shelf() -> FakeShelf:
    return FakeShelf()


@pytest.fixture
def counting() -> Counting:
    return Counting()


async def again(shelf: FakeShelf, counting: Counting):
    return await ingest_again(shelf, counting.as_encoder, FakeClock(), kb="shop")


async def live(shelf: FakeShelf) -> dict[str, Article]:
    (edition,) = await shelf.live()
    return {one.id: one for one in await shelf.articles("shop", edition.version)}


async def test_an_article_and_a_phrasing_join_and_nothing_else_is_encoded(
    shelf: FakeShelf, counting: Counting
):
    await put(shelf, counting, TRACK, PAY)
    counting.texts.clear()
    shelf.rows |= {
        "a": lesson("a", "Do you sell plums?", "plums?"),
        "b": lesson("b", "cash?", "How to pay?", article="pay"),
    }
    report = await again(shelf, counting)
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 0, 1)
    assert sorted(counting.texts) == sorted(
        ["Do you sell plums?", "plums?", "Do you sell plums?\nIn May.", "cash?"]
    )
    found = await live(shelf)
    assert found["pay"] == replace(PAY, taught=("cash?",))
    assert found["desk-a"].variants == ("plums?",)
    assert (found["desk-a"].source, found["desk-a"].lines) == ("desk", ("shop",))
    assert {one.version for one in shelf.rows.values()} == {report.version}
    assert not any(one.pending for one in shelf.rows.values())


async def test_the_next_ingest_of_the_source_keeps_both(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK, PAY)
    shelf.rows |= {"a": lesson("a", "plums?"), "b": lesson("b", "cash?", article="pay")}
    await put(shelf, counting, replace(PAY, answer="By card or cash."))
    found = await live(shelf)
    assert sorted(found) == ["desk-a", "pay"]
    assert found["pay"].taught == ("cash?",)
    assert found["pay"].answer == "By card or cash."


async def test_undoing_takes_out_exactly_that(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK, PAY)
    both = {"a": lesson("a", "plums?"), "b": lesson("b", "cash?", article="pay")}
    shelf.rows |= both
    await again(shelf, counting)
    await put(shelf, counting, TRACK, replace(PAY, variants=("visa",)))
    held = shelf.rows["b"]
    shelf.rows["b"] = undone(held, by="ben", at=NOW)
    await again(shelf, counting)
    found = await live(shelf)
    assert found["pay"] == replace(PAY, variants=("visa",))
    assert "desk-a" in found
    assert shelf.rows["b"].undone_version == 4


async def test_what_the_author_writes_too_stays_when_it_is_undone(
    shelf: FakeShelf, counting: Counting
):
    await put(shelf, counting, PAY)
    shelf.rows["b"] = lesson("b", "cash?", article="pay")
    await again(shelf, counting)
    written = replace(PAY, variants=("cash?",))
    await put(shelf, counting, written)
    shelf.rows["b"] = undone(shelf.rows["b"], by="ben", at=NOW)
    await again(shelf, counting)
    assert (await live(shelf))["pay"] == written


async def test_a_phrasing_waits_for_its_article(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK)
    shelf.rows["b"] = lesson("b", "cash?", article="pay")
    await again(shelf, counting)
    assert list(await live(shelf)) == ["track"]
    await put(shelf, counting, TRACK, PAY)
    assert (await live(shelf))["pay"].taught == ("cash?",)


async def test_an_article_can_be_the_first_and_not_the_last(shelf: FakeShelf, counting: Counting):
    shelf.rows["a"] = lesson("a", "plums?")
    assert (await again(shelf, counting)).version == 1
    shelf.rows["a"] = undone(shelf.rows["a"], by="ben", at=NOW)
    with pytest.raises(KnowledgeError, match="no articles"):
        await again(shelf, counting)
