"""An edition is published whole, and no text is encoded twice."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from typing_extensions import override

from bot.domain.errors import Conflict, KnowledgeError
from bot.domain.knowledge import Article
from bot.domain.ports import Edition, Phrasing
from knowledge.encoder import ArticleEncoder, Vectors
from knowledge.ingest import ingest, ingest_again
from tests.fakes.clock import FakeClock
from tests.fakes.reader import vector_of
from tests.fakes.shelf import FakeShelf

TRACK = Article(id="track", question="Where is it?", variants=("track", "lost"), answer="Here.")
PAY = Article(id="pay", question="How to pay?", answer="By card.")


class Counting:
    """An encoder that keeps what it was given."""

    def __init__(self, fingerprint: str = "one") -> None:
        self.texts: list[str] = []
        self.as_encoder = ArticleEncoder(self._encode, fingerprint)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        return np.array([vector_of(text) for text in texts], dtype=np.float32)


class Rushed(FakeShelf):
    """Somebody else publishes first, a few times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    @override
    async def publish(
        self, edition: Edition, articles: Sequence[Article], phrasings: Sequence[Phrasing]
    ) -> int:
        if self.times:
            self.times -= 1
            await super().publish(edition, articles, phrasings)
            raise Conflict("moved")
        return await super().publish(edition, articles, phrasings)


class Overtaken(FakeShelf):
    """Another ingest goes live while one is trained: at the moments named, counted from one."""

    def __init__(self, counting: Counting, *at: int) -> None:
        super().__init__()
        self._counting = counting
        self._at = set(at)
        self._asked = 0

    @override
    async def articles(self, kb: str, version: int) -> tuple[Article, ...]:
        found = await super().articles(kb, version)
        self._asked += 1
        if self._asked in self._at:
            self._at.discard(self._asked)
            await put(self, self._counting, replace(PAY, answer=f"By {self._asked}."))
        return found


@pytest.fixture
def shelf() -> FakeShelf:
    return FakeShelf()


@pytest.fixture
def counting() -> Counting:
    return Counting()


async def put(shelf: FakeShelf, counting: Counting, *articles: Article, kb: str = "shop"):
    return await ingest(shelf, counting.as_encoder, FakeClock(), kb=kb, articles=articles)


async def test_phrasings_and_the_whole_are_encoded(shelf: FakeShelf, counting: Counting):
    report = await put(shelf, counting, TRACK, PAY)
    assert (report.version, report.added, report.encoded) == (1, 2, 6)
    assert sorted(counting.texts) == sorted(
        ["Where is it?", "track", "lost", "Where is it?\nHere.", "How to pay?",
         "How to pay?\nBy card."]
    )  # fmt: skip
    kinds = [(one.article, one.kind) for one in await shelf.phrasings("shop", 1)]
    assert kinds.count(("track", "question")) == 3
    assert kinds.count(("track", "question_answer")) == 1
    for one in await shelf.phrasings("shop", 1):
        assert len(one.vector) == 384 * 4
    (live,) = await shelf.live()
    assert (live.fingerprint, live.articles) == ("one", 2)
    assert 0 < live.gate[1] <= live.gate[0] < 1


async def test_only_what_changed_is_encoded(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK, PAY)
    counting.texts.clear()
    changed = replace(TRACK, answer="There.", variants=("track", "gone"))
    new = Article(id="new", question="track", answer="New.")
    report = await put(shelf, counting, changed, new)
    assert sorted(counting.texts) == ["Where is it?\nThere.", "gone", "track\nNew."]
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 1, 0)
    assert (report.version, report.encoded) == (2, 3)


async def test_nothing_new_encodes_nothing(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK)
    before = await shelf.phrasings("shop", 1)
    counting.texts.clear()
    report = await put(shelf, counting, TRACK)
    assert counting.texts == []
    assert (report.unchanged, report.encoded) == (1, 0)
    assert await shelf.phrasings("shop", 2) == before


async def test_another_encoder_encodes_all_again(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK)
    other = Counting("two")
    report = await put(shelf, other, TRACK)
    assert report.encoded == 4
    assert (await shelf.live())[0].fingerprint == "two"


async def test_a_conflict_is_tried_again_without_encoding_again(counting: Counting):
    shelf = Rushed(2)
    report = await put(shelf, counting, TRACK)
    assert report.version == 3
    assert len(counting.texts) == 4


async def test_it_gives_up_when_others_keep_publishing(counting: Counting):
    with pytest.raises(Conflict):
        await put(Rushed(99), counting, TRACK)


async def test_nothing_to_publish_is_an_error(shelf: FakeShelf, counting: Counting):
    with pytest.raises(KnowledgeError, match="no articles"):
        await put(shelf, counting)
    with pytest.raises(KnowledgeError, match="track"):
        await put(shelf, counting, TRACK, replace(PAY, id="track"))
    assert await shelf.live() == ()


async def test_a_failing_encoder_leaves_the_old_edition(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK)

    def fail(_texts: Sequence[str]) -> Vectors:
        raise KnowledgeError("no encoder")

    broken = ArticleEncoder(fail, "one")
    with pytest.raises(KnowledgeError):
        await ingest(shelf, broken, FakeClock(), kb="shop", articles=[PAY])
    assert (await shelf.live())[0].version == 1
    assert await shelf.articles("shop", 1) == (TRACK,)


async def test_progress_is_told(shelf: FakeShelf, counting: Counting):
    heard: list[tuple[int, int]] = []
    many = tuple(f"phrasing {number}" for number in range(150))
    article = replace(TRACK, variants=many)
    await ingest(
        shelf,
        counting.as_encoder,
        FakeClock(),
        kb="shop",
        articles=[article],
        progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(64, 152), (128, 152), (152, 152)]


@pytest.mark.parametrize("moments", [(1,), (2,), (1, 3)])
async def test_what_is_published_again_never_undoes_what_went_live_meanwhile(
    counting: Counting, moments: tuple[int, ...]
):
    shelf = Overtaken(counting, *moments)
    await put(shelf, counting, TRACK, PAY)
    report = await ingest_again(shelf, counting.as_encoder, FakeClock(), kb="shop")
    (live,) = await shelf.live()
    (kept,) = await shelf.articles("shop", live.version)
    assert report.version == live.version == len(moments) + 2
    assert kept.answer == f"By {moments[-1]}."


async def test_nothing_live_cannot_be_published_again(shelf: FakeShelf, counting: Counting):
    with pytest.raises(KnowledgeError):
        await ingest_again(shelf, counting.as_encoder, FakeClock(), kb="shop")


async def test_vectors_that_are_no_numbers_are_refused(shelf: FakeShelf, counting: Counting):
    await put(shelf, counting, TRACK)

    def broken(texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), 384), np.nan, dtype=np.float32)

    with pytest.raises(KnowledgeError, match="no numbers for 2 of 2 texts"):
        await ingest(
            shelf, ArticleEncoder(broken, "one"), FakeClock(), kb="shop", articles=[TRACK, PAY]
        )
    assert [one.version for one in await shelf.live()] == [1]
