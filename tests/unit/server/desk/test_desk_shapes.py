"""Hand-offs and entries as JSON."""

from dataclasses import replace

import pytest

from bot.domain.conversation import Entry
from bot.domain.desk import HandoffRow
from bot.domain.message import Citation, Composed, HandoffCard, Media, Pressed, Sources, Text
from bot.domain.transitions import advance
from bot.server.desk.shapes import after_act, entry_json, row_json
from tests.fakes.clock import START
from tests.unit.server.desk.house import ADA, House

CARD = HandoffCard(handoff="h1", line="shop", reason="asked", priority="low", state="x", summary="")
ROW = HandoffRow(
    id="h1",
    conversation="c1",
    line="gone",
    state="waiting",
    reason="something new",
    priority="normal",
    opened_at=START,
    claimed_by="ada",
    claimed_name=None,
    summary="",
    outcome=None,
)


def entry(*parts) -> Entry:
    return Entry(key="k", kind="said", author="customer", parts=parts, at=START)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((Text(text="one"), Text(text="two")), "one\ntwo"),
        ((Pressed(value="faq:7", label="Delivery"),), "Delivery"),
        ((Pressed(value="faq:7"),), "faq:7"),
        ((Composed(version=1, parts=(Text(text="made"),), decision="x"),), "made"),
        ((CARD,), ""),
        ((), ""),
    ],
)
def test_the_text_of_an_entry(parts, text: str):
    assert entry_json(entry(*parts))["text"] == text


def test_the_sources_of_composed_words():
    sources = Sources(items=(Citation(article="a", title="A"),))
    made = Composed(version=1, parts=(sources,), decision="x")
    assert entry_json(entry(made))["sources"] == [{"title": "A", "url": None}]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a.png", "https://example.org/a.png"),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
    ],
)
def test_files_link_to_the_web_only(url: str, shown: str | None):
    media = Media(url=url, mime="image/png", name="a.png")
    assert entry_json(entry(media))["media"] == [
        {"name": "a.png", "mime": "image/png", "url": shown, "size": None, "shown": False}
    ]


def test_a_row_of_a_line_and_a_reason_that_are_not_known():
    row = row_json(ROW, ADA, {}, START)
    assert row["line_title"] == "gone"
    assert row["reason_text"] == "A person is needed."
    assert row["claimed_by"] == {"id": "ada", "name": "ada"}


def test_waiting_never_counts_backwards():
    ahead = replace(ROW, waiting_since=START.replace(year=START.year + 1))
    assert row_json(ahead, ADA, {}, START)["waiting_seconds"] == 0


async def test_a_row_is_not_changed_by_another_hand_off(house: House):
    house.waiting("h1")
    house.waiting("h2")
    other = house.board.conversations["c-h2"]
    claimed = advance(other, "claim", now=START, by=ADA)
    assert after_act(ROW, claimed, START) is ROW
    assert after_act(ROW, replace(claimed, handoff=None), START) is ROW
