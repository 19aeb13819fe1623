"""Whatever is sent, Slack's limits hold, nothing is lost, and nobody is called by accident."""

from datetime import UTC, datetime

import pytest

from bot.domain.message import (
    Address,
    Author,
    Choice,
    Choices,
    Citation,
    HandoffCard,
    Media,
    Outbound,
    Part,
    Sources,
    Text,
)
from channels.slack.mrkdwn import mrkdwn, sections
from channels.slack.outbound import message_of
from tests.contract.slack.client import buttons, words
from tests.contract.slack.limits import check_message

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CARD = HandoffCard(
    handoff="h1",
    line="shop",
    reason="asked",
    priority="high",
    state="waiting",
    summary="Where is my <!channel> sofa? " * 200,
    customer="Ann & Bob",
)


def row(*parts: Part, author: Author = "bot", name: str | None = None) -> Outbound:
    return Outbound(
        key="k1",
        address=Address(channel="slack", account="T0CARE", room="C0CALL"),
        parts=parts,
        author=author,
        author_name=name,
        trace="t",
        holder_version=1,
    )


LONG = "\n\n".join(f"Paragraph {n} says <b>&</b> *things* at length." * 8 for n in range(30))
MANY = Choices(options=tuple(Choice(label=f"{n} " + "x" * 90, value=f"v{n}") for n in range(60)))


@pytest.mark.parametrize(
    "parts",
    [
        (Text(text="x"),),
        (Text(text=LONG),),
        (Text(text="w" * 12_000),),
        (Text(text="&" * 12_000),),
        (Text(text="Which?"), MANY),
        (Sources(items=tuple(Citation(article=str(n), title="t" * 900) for n in range(30))),),
        (CARD,),
        (Media(url="https://x.example/a?b=1&c=2", mime="image/png", name="<a>.png"),),
    ],
)
def test_limits_hold(parts: tuple[Part, ...]):
    made = message_of(row(*parts), now=NOW, handles=("U1", "U2"))
    check_message({"text": made.text, "blocks": list(made.blocks)})


def test_a_long_text_loses_no_word():
    made = message_of(row(Text(text=LONG)), now=NOW)
    shown = words({"blocks": list(made.blocks)})
    assert shown.split() == mrkdwn(LONG).split()


def test_a_card_calls_those_it_is_to_call_and_nobody_else():
    made = message_of(row(CARD), now=NOW, handles=("U0ADA",))
    shown = {"text": made.text, "blocks": list(made.blocks)}
    assert "<@U0ADA>" in words(shown)
    assert "<!channel>" not in words(shown)
    assert [b["value"] for b in buttons(shown)] == ["claim:h1", "note:h1"]


@pytest.mark.parametrize(
    ("author", "name", "username"),
    [
        ("customer", "Ann", "Ann"),
        ("staff", "Ada", "Ada"),
        ("bot", "x", None),
        ("system", None, None),
    ],
)
def test_whose_name_stands_over_it(author: Author, name: str | None, username: str | None):
    assert message_of(row(Text(text="x"), author=author, name=name), now=NOW).username == username


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** and *this*", "*bold* and *this*"),
        ("see [our page](https://x.example/a)", "see <https://x.example/a|our page>"),
        ("# Title\ntext", "*Title*\ntext"),
        ("- one\n- two", "• one\n• two"),
        ("<!here> & <@U1>", "&lt;!here&gt; &amp; &lt;@U1&gt;"),
        ("a [b](javascript:alert)", "a [b](javascript:alert)"),
        ("[x](https://a.example/?q=1&r=2)", "<https://a.example/?q=1&amp;r=2|x>"),
    ],
)
def test_markdown_becomes_mrkdwn(written: str, shown: str):
    assert mrkdwn(written) == shown


def test_nothing_makes_no_section():
    assert sections("  \n ") == []
