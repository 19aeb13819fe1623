"""The staff card as plain text."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.assist import Suggestion
from bot.domain.cards import local_time, text_of
from bot.domain.message import Citation, HandoffCard, Quote

NOW = datetime(2026, 7, 1, 12, 5, tzinfo=UTC)
PAYING = Suggestion(text="By card.", article="p", title="Paying", url="https://x.example/p")
CARD = HandoffCard(
    handoff="h1",
    line="shop",
    reason="rule",
    priority="high",
    state="waiting",
    summary="my parcel is gone",
    why="The customer reports fraud.",
    customer="Max",
    channel="web",
    language="en",
    zone="Europe/Vienna",
    said=(Quote(author="bot", text="By post."), Quote(author="customer", text="gone")),
    tried=(Citation(article="a", title="Returns", url="https://x.example"),),
    suggested=PAYING,
)


def test_what_presses_comes_first_and_nothing_is_missing():
    said = text_of(CARD, NOW)
    assert said.startswith("High priority. The customer reports fraud.")
    assert "Customer: Max, web, en, 14:05 there" in said
    assert "In short (in the customer's own last words, not rewritten):\nmy parcel is gone" in said
    assert "Bot: By post.\nCustomer: gone" in said
    assert "- Returns https://x.example" in said
    assert said.endswith("Suggested reply, from “Paying” (https://x.example/p):\nBy card.")


def test_a_suggestion_is_called_no_more_than_it_is():
    near = replace(CARD, suggested=replace(PAYING, sure=False, url=None))
    assert "Nearest article; look whether it fits, from “Paying”:" in text_of(near, NOW)
    read = replace(CARD, suggested=replace(PAYING, sendable=False))
    assert "For you to read, from “Paying”" in text_of(read, NOW)
    assert "Suggested reply" not in text_of(near, NOW) + text_of(read, NOW)


def test_what_is_not_known_is_not_shown():
    bare = HandoffCard(
        handoff="h", line="shop", reason="asked", priority="normal", state="waiting", summary=""
    )
    assert text_of(bare, NOW) == "asked"
    assert local_time("Mars/Phobos", NOW) is None
    assert local_time("../etc/passwd", NOW) is None
    assert local_time(None, NOW) is None
