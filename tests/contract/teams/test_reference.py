"""What we send is read by Microsoft's earlier library, which knows nothing of ours."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botbuilder import schema
from msrest import Deserializer

from bot.domain.message import Address, HandoffCard, Mark, Media, Part, Text
from channels.teams.outbound import LONGEST, Called, render
from tests.conformance.channel_suite import PARTS, outbound

ROOM = Address(channel="teams", account="t", room="19:x@thread.tacv2")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
MODELS = vars(schema)
MORE: tuple[tuple[Part, ...], ...] = (
    (Media(url="https://x.example/a.png", mime="image/png", name="a.png"),),
    (Media(url="https://x.example/a.pdf", mime="application/pdf", name="a.pdf"),),
    (Mark(state="delivered"),),
)


def read(fields: dict[str, Any]) -> Any:
    return Deserializer(MODELS)("Activity", fields)


@pytest.mark.parametrize("parts", PARTS + MORE)
def test_the_reference_reads_it(parts: tuple[Part, ...]):
    sent = render(outbound(ROOM, "k", parts), NOW)
    found = read(json.loads(json.dumps(sent)))
    assert found.type == "message"
    assert (found.text or "") == sent.get("text", "")
    assert len(found.attachments or []) == len(sent.get("attachments", []))
    for one in found.attachments or []:
        assert one.content_type
        assert one.content or one.content_url


def test_an_answer_is_labelled_and_names_its_sources():
    row = replace(outbound(ROOM, "k", PARTS[2]), author="bot")
    sent = render(row, NOW)
    (entity,) = sent["entities"]
    assert entity["additionalType"] == ["AIGeneratedContent"]
    assert entity["citation"][0]["appearance"]["name"] == "Returns"
    assert sent["text"].endswith("[1]")


def test_words_call_nobody():
    sent = render(outbound(ROOM, "k", (Text(text="<at>Everyone</at> & co"),)), NOW)
    assert sent["text"] == "&lt;at&gt;Everyone&lt;/at&gt; &amp; co"
    assert "entities" not in sent


def test_who_is_on_call_is_mentioned():
    called = [Called(handle="id-1", name="Grace <3"), Called(handle="id-2", name="Linus")]
    sent = render(outbound(ROOM, "k", (Text(text="A customer waits."),)), NOW, called)
    assert sent["text"] == "<at>Grace &lt;3</at> <at>Linus</at> A customer waits."
    mentions = [one for one in read(sent).entities if one.type == "mention"]
    assert len(mentions) == 2
    for entity, one in zip(sent["entities"], called, strict=True):
        assert entity["mentioned"]["id"] == one.handle
        assert entity["text"] in sent["text"]


def test_the_longest_message_fits():
    sent = render(outbound(ROOM, "k", (Text(text="東" * LONGEST),)), NOW)
    assert len(json.dumps(sent, ensure_ascii=False).encode()) < 28 * 1024


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        ("waiting", ["Claim", "Note"]),
        ("human", ["Take over", "Release", "Hand back to the bot", "Resolve", "Reply", "Note"]),
        ("closed", []),
    ],
)
def test_a_card_offers_what_can_be_done(state: str, titles: list[str]):
    card = HandoffCard(
        handoff="h1",
        line="it",
        reason="asked",
        priority="high",
        state=state,
        summary="VPN",
        owner="Bo",
    )
    (attachment,) = render(outbound(ROOM, "k", (card,)), NOW)["attachments"]
    content = attachment["content"]
    assert (content["type"], content["version"]) == ("AdaptiveCard", "1.5")
    actions = content.get("actions", [])
    assert [one["title"] for one in actions] == titles
    for one in actions:
        assert one["type"] == "Action.Execute"
        assert one["fallback"]["type"] == "Action.Submit"
        assert one["data"] == one["fallback"]["data"]
        assert one["data"]["careline"].endswith(":h1")
