"""Numbers and words choose from the menu that was said last, and from nothing else."""

from datetime import UTC, datetime

import pytest

from bot.core.csat import CSAT
from bot.core.menus import chosen
from bot.domain.conversation import Entry
from bot.domain.message import Address, Choice, Choices, Inbound, Part, Pressed, Sender, Text

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MENU = Choices(
    options=(
        Choice(label="Returns", value="article:a"),
        Choice(label="Delivery", value="article:b"),
    )
)


def said(text: str) -> Inbound:
    return Inbound(
        key="k",
        trace="t",
        address=Address(channel="sms", account="+1", room="+2"),
        sender=Sender(handle="+2"),
        parts=(Text(text=text),),
        sent_at=NOW,
    )


def entry(*parts: Part, author="bot") -> Entry:
    return Entry(key="e", kind="said", author=author, parts=parts, at=NOW)


@pytest.mark.parametrize(
    "words", ["2", "2.", " two ", "the second", "The second one please", "option 2", "zwei", "dos"]
)
def test_the_second_is_chosen(words: str):
    event = chosen(said(words), [entry(Text(text="Which?"), MENU)])
    assert (event.kind, event.key) == ("pressed", "k")
    assert event.parts == (Pressed(value="article:b", label="Delivery"),)


@pytest.mark.parametrize(
    "words", ["3", "0", "22", "two parcels are lost", "delivery", "2 or 1", ""]
)
def test_other_words_stay_words(words: str):
    assert chosen(said(words), [entry(MENU)]) == said(words)


def test_a_menu_counts_only_while_it_was_said_last():
    assert chosen(said("2"), []) == said("2")
    assert chosen(said("2"), [entry(MENU), entry(Text(text="When?"))]) == said("2")
    assert chosen(said("2"), [entry(MENU, author="customer")]) == said("2")


def test_the_survey_reads_its_own_numbers():
    scores = Choices(options=tuple(Choice(label=n, value=f"{CSAT}h:{n}") for n in "54321"))
    assert chosen(said("2"), [entry(scores)]) == said("2")
