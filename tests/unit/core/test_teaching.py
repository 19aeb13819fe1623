"""What operators decide: which words can go live, and that one decision counts."""

import pytest

from bot.core.teaching import Teaching
from bot.domain.errors import BadRequest, Conflict
from bot.domain.knowledge import Article
from bot.domain.teaching import Wording
from tests.conformance.proposals_suite import proposal
from tests.conformance.shelf_suite import put
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import FakeShelf

PAY = Article(id="pay", question="How to pay?", answer="By card.")


@pytest.fixture
async def shelf() -> FakeShelf:
    made = FakeShelf()
    await put(made, "shop", PAY)
    await made.propose("s", [proposal()], at=FakeClock().now())
    return made


@pytest.fixture
def teaching(shelf: FakeShelf) -> Teaching:
    return Teaching(shelf, shelf, FakeClock())


async def test_words_stay_as_proposed_or_become_as_written(teaching: Teaching):
    kept = await teaching.approve("p1", Wording(), by="ada")
    assert (kept.kind, kept.questions, kept.answer) == ("article", proposal().questions, "In May.")
    assert (kept.decided_by, kept.pending, kept.article_id()) == ("ada", True, "desk-p1")


async def test_an_article_makes_it_a_phrasing(teaching: Teaching):
    wording = Wording(article="pay", questions=(" cash? ", "cash?", ""))
    made = await teaching.approve("p1", wording, by="ada")
    assert (made.kind, made.questions, made.article_id()) == ("phrasing", ("cash?",), "pay")


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        (Wording(article="nothing"), "no article nothing in shop"),
        (Wording(questions=(" ",)), "needs a question"),
        (Wording(questions=("x" * 301,)), "300 letters"),
        (Wording(questions=tuple(str(n) for n in range(21))), "21 questions"),
        (Wording(answer=" "), "needs an answer"),
        (Wording(answer="x" * 4001), "4001 letters"),
    ],
)
async def test_words_that_cannot_go_live_are_refused(
    teaching: Teaching, shelf: FakeShelf, wording: Wording, why: str
):
    with pytest.raises(BadRequest, match=why):
        await teaching.approve("p1", wording, by="ada")
    assert shelf.rows["p1"] == proposal()


async def test_a_decision_is_made_once_and_can_be_taken_back(teaching: Teaching, shelf: FakeShelf):
    await teaching.reject("p1", by="ada")
    with pytest.raises(Conflict, match=r"p1 is rejected \(by ada\)"):
        await teaching.approve("p1", Wording(), by="ben")
    assert await teaching.undo("p1", by="ben") == proposal()
    await teaching.approve("p1", Wording(), by="ben")
    out = await teaching.undo("p1", by="ada")
    assert (out.state, out.undone_by, out.pending) == ("undone", "ada", True)
    with pytest.raises(Conflict, match=r"is undone \(by ada\)"):
        await teaching.undo("p1", by="ada")
    with pytest.raises(BadRequest, match="no gap p9"):
        await teaching.reject("p9", by="ada")
    assert shelf.told == ["shop"] * 4
