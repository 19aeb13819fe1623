"""What a browser gets for every kind of part."""

import json
from typing import Any

from bot.domain.message import (
    Address,
    Choice,
    Choices,
    Citation,
    Composed,
    HandoffCard,
    Inbound,
    Media,
    Outbound,
    Part,
    Pressed,
    Sender,
    Sources,
    Text,
)
from channels.web.outbound import echo, render
from tests.fakes.clock import START

ROOM = Address(channel="web", account="shop", room="v")
CARD = HandoffCard(
    handoff="h", line="shop", reason="asked", priority="normal", state="waiting", summary="secret"
)


def shown(*parts: Part, **fields: Any) -> Any:
    defaults: dict[str, Any] = {"author": "bot", "trace": "t", "holder_version": 1}
    outbound = Outbound(key="o1", address=ROOM, parts=parts, **(defaults | fields))
    return json.loads(render(outbound, at=START))


def test_an_answer_with_everything():
    body = shown(
        Text(text="Within **30 days**."),
        Text(text="See below."),
        Sources(items=(Citation(article="a", title="Returns", url="https://x.example"),)),
        Choices(options=(Choice(label="Refund", value="r"),)),
        Media(url="/f/1", mime="image/png", name="label.png", size=10),
    )
    assert body == {
        "key": "o1",
        "author": "bot",
        "name": None,
        "text": "Within **30 days**.\n\nSee below.",
        "sources": [{"title": "Returns", "url": "https://x.example"}],
        "choices": [{"label": "Refund", "value": "r"}],
        "media": [{"url": "/f/1", "mime": "image/png", "name": "label.png", "size": 10}],
        "at": "2026-03-02T09:00:00+00:00",
        "replaces": None,
    }


def test_a_person_is_named():
    body = shown(Text(text="Hello"), author="staff", author_name="Ada")
    assert (body["author"], body["name"]) == ("staff", "Ada")


def test_markup_is_only_text():
    assert shown(Text(text="<script>x</script>"))["text"] == "<script>x</script>"


def test_what_is_for_staff_never_shows():
    composed = Composed(version=1, parts=(Text(text="secret"),), decision="answer")
    assert "secret" not in json.dumps(shown(CARD, composed, Text(text="Hello")))


def test_a_change_names_what_it_replaces():
    body = shown(Text(text="Better"), replaces="o0")
    assert (body["replaces"], "deleted" in body) == ("o0", False)


def test_a_change_to_nothing_deletes():
    body = shown(replaces="o0")
    assert (body["replaces"], body["deleted"], body["text"]) == ("o0", True, "")


def event(*parts: Part) -> Inbound:
    return Inbound(
        key="web:v:k",
        trace="t",
        address=ROOM,
        sender=Sender(handle="v"),
        parts=parts,
        sent_at=START,
    )


def test_the_customers_own_words_come_back():
    body = json.loads(echo(event(Text(text="a\nb"))))
    assert (body["author"], body["key"], body["text"]) == ("customer", "web:v:k", "a\nb")
    assert "pressed" not in body


def test_a_pressed_button_comes_back_by_its_label():
    body = json.loads(echo(event(Pressed(value="person", label="Talk to a person"))))
    assert (body["text"], body["pressed"]) == ("Talk to a person", "person")
    assert json.loads(echo(event(Pressed(value="person"))))["text"] == "person"
