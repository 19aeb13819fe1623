"""The report: what it finds, and that its page shows people's words as words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import numpy as np
import pytest
from typing_extensions import override

from bot.domain.knowledge import Article, Heard
from bot.domain.ports import Edition
from knowledge.encoder import Vectors
from knowledge.ranking import Rows
from knowledge.report.findings import Findings
from knowledge.report.page import page
from knowledge.report.study import Period, share, study
from tests.fakes.reader import vector_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HARM = '<script>alert("x")</script>'
ARTICLES = (
    Article(
        id="paying",
        question="how can I pay",
        variants=("payment methods here", "pay by card"),
        answer="By card.",
    ),
    Article(
        id="paying-old",
        question="how can I pay now",
        variants=("how could I pay",),
        answer="By cheque only.",
        review_by=date(2026, 1, 31),
    ),
    Article(id="returns", question="send a parcel back", answer=f"By post. {HARM}"),
    Article(id="returns-twin", question="send a parcel back please", answer=f"By post {HARM}"),
    Article(id="unused", question=f"{HARM} opening hours", answer="Nine to five."),
)


def encode(texts: Sequence[str]) -> Vectors:
    vectors = [vector_of(text.casefold()) for text in texts]
    return np.asarray(vectors, dtype=np.float32).reshape(len(texts), 384)


def rows() -> Rows:
    texts = [[one.question, *one.variants, f"{one.question} {one.answer}"] for one in ARTICLES]
    return Rows.of(encode([t for some in texts for t in some]), [len(some) for some in texts])


def heard(text: str, fate: str = "unknown", **more: object) -> Heard:
    return replace(Heard(text=text, fate="unknown", at=NOW), fate=fate, **more)  # type: ignore[arg-type]  # values of tests


HEARD = (
    heard("how can I pay", "answered", articles=("paying",)),
    heard("pay with coins", "offered", articles=("paying", "paying-old"), chosen="paying"),
    heard("pay with coins", "offered", articles=("paying",), chosen="paying"),
    heard("PAY by card", "offered", articles=("paying",), chosen="paying"),
    heard(f"do you sell bicycles {HARM}"),
    heard("do you sell bicycles here", told=f"In May. {HARM}"),
    heard("do you sell bicycles", "offered", articles=("returns",), refused=True),
    heard("is there a car park"),
    heard("let me talk to a person", "person"),
)


@pytest.fixture(scope="module")
def findings() -> Findings:
    edition = Edition(kb="shop", version=3, fingerprint="f", articles=len(ARTICLES),
                      gate=(0.4, 0.3), made_at=NOW - timedelta(days=2))  # fmt: skip
    period = Period(since=NOW - timedelta(days=90), until=NOW, conversations=4, heard=HEARD)
    return study(edition, ARTICLES, rows(), period, encode)


def test_long_work_tells_how_far_it_is():
    edition = Edition(kb="shop", version=3, fingerprint="f", articles=len(ARTICLES),
                      gate=(0.4, 0.3), made_at=NOW)  # fmt: skip
    period = Period(since=NOW, until=NOW, conversations=0, heard=())
    told: list[tuple[int, int]] = []
    study(edition, ARTICLES, rows(), period, encode, lambda done, total: told.append((done, total)))
    phrasings = sum(1 + len(one.variants) for one in ARTICLES)
    assert (0, phrasings) in told


def test_coverage_counts_each_question_once(findings: Findings):
    found = findings.coverage
    assert found.questions == len(HEARD)
    counts = [one.count for one in (found.answered, found.offered, found.unknown, found.person)]
    assert counts == [1, 4, 3, 1]
    assert found.chosen == 3
    assert found.unknown.low < found.unknown.share < found.unknown.high


def test_unanswered_questions_are_grouped(findings: Findings):
    (gap,) = findings.gaps
    assert gap.count == 3
    assert "bicycles" in gap.example
    assert gap.told == (f"In May. {HARM}",)
    assert findings.ungrouped == 1


def test_used_and_unused_articles(findings: Findings):
    assert findings.used[0] == ("paying", 4)
    assert [name for name, _ in findings.unused] == ["returns-twin", "unused"]


def test_articles_that_contradict_and_those_that_repeat(findings: Findings):
    assert [(pair.one, pair.other) for pair in findings.contradicting] == [("paying", "paying-old")]
    assert [(pair.one, pair.other) for pair in findings.repeated] == [("returns", "returns-twin")]


def test_an_article_due_for_review(findings: Findings):
    assert [(one.article, one.due) for one in findings.stale] == [("paying-old", date(2026, 1, 31))]


def test_weak_articles_and_what_people_asked_instead(findings: Findings):
    weak = {one.article: one for one in findings.weak}
    assert "paying" in weak["paying-old"].taken_for
    assert dict(findings.suggested)["paying"] == ("pay with coins",)


def test_a_share_of_nothing_may_be_anything():
    assert (share(0, 0).low, share(0, 0).high) == (0.0, 1.0)
    assert share(5, 10).share == 0.5


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    @override
    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_says_it_all_and_runs_nothing(findings: Findings):
    read = Tags()
    html = page(findings)
    read.feed(html)
    words = " ".join(read.words)
    assert not {"script", "img", "iframe", "link", "a"} & set(read.tags)
    assert HARM in words  # as words
    assert HARM not in html
    for part in ("do you sell bicycles", "paying-old", "2026-01-31", "pay with coins", "In May."):
        assert part in words
    assert 'name="viewport"' in html
    assert "http://" not in html.replace("http-equiv", "")


def test_the_page_of_a_base_that_nobody_asked():
    edition = Edition(kb="shop", version=1, fingerprint="f", articles=1, gate=(0.4, 0.3),
                      made_at=NOW)  # fmt: skip
    period = Period(since=NOW, until=NOW, conversations=0, heard=())
    found = study(edition, ARTICLES, rows(), period, encode)
    assert "Nobody has asked anything" in page(found)


def test_what_is_too_old_to_be_grouped_is_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("knowledge.report.study._GROUPED", 1)
    asked = (heard("one thing"), heard("another thing"), heard("a third"))
    edition = Edition(kb="shop", version=3, fingerprint="f", articles=len(ARTICLES),
                      gate=(0.4, 0.3), made_at=NOW)  # fmt: skip
    period = Period(since=NOW, until=NOW, conversations=3, heard=asked)
    found = study(edition, ARTICLES, rows(), period, encode)
    assert found.older == 2
    assert "2 older ones that went unanswered" in page(found)
