"""What a browser may post, and what it is told about everything else."""

import json

import pytest

from bot.domain.errors import BadRequest
from bot.domain.message import Address, Inbound, Pressed, Text
from channels.web.inbound import parse
from channels.web.signature import Visitor
from tests.fakes.clock import START

VISITOR = Visitor(id="v", line="shop")


def posted(**fields: object) -> Inbound:
    return parse(json.dumps(fields).encode(), VISITOR, now=START)


def test_words_become_an_event():
    event = posted(key="k1", text="  Where is my parcel?\r\n\tThanks \n")
    assert event.key == "web:v:k1"
    assert event.address == Address(channel="web", account="shop", room="v")
    assert event.parts == (Text(text="Where is my parcel?\n\tThanks"),)
    assert (event.kind, event.sender.handle, event.sent_at) == ("message", "v", START)


def test_a_button_becomes_an_event():
    event = posted(key="k1", pressed="person", label="Talk to a person")
    assert event.parts == (Pressed(value="person", label="Talk to a person"),)
    assert (event.kind, event.text()) == ("pressed", "Talk to a person")
    assert posted(key="k1", pressed="person").parts == (Pressed(value="person"),)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "שלום עולם",
        "👩‍👩‍👧‍👦 family",
        "x" * 4000,
        "😀" * 4000,
        "'; DROP TABLE events; --",
    ],
)
def test_words_are_kept_as_they_are(text: str):
    assert posted(key="k", text=text).parts == (Text(text=text),)


def test_control_characters_are_taken_out():
    event = posted(key="k", text="a\x00b\x1b[31mc\x7fd\te\nf\x9b")
    assert event.parts == (Text(text="ab[31mcd\te\nf"),)


BAD = {
    "empty": ({"key": "k", "text": ""}, "empty"),
    "blank": ({"key": "k", "text": " \n\t\u00a0 "}, "empty"),
    "invisible": ({"key": "k", "text": "\u200b\u200d\ufeff"}, "empty"),
    "only control": ({"key": "k", "text": "\x00\x01"}, "empty"),
    "too long": ({"key": "k", "text": "x" * 4001}, "at most 4000"),
    "ten thousand emoji": ({"key": "k", "text": "😀" * 10_000}, "at most 4000"),
    "a number": ({"key": "k", "text": 7}, "`text` must be a string"),
    "null": ({"key": "k", "text": None}, "`text` must be a string"),
    "a list": ({"key": "k", "text": ["a"]}, "`text` must be a string"),
    "half a character": ({"key": "k", "text": "a\ud83d"}, "half a character"),
    "neither": ({"key": "k"}, "exactly one"),
    "both": ({"key": "k", "text": "a", "pressed": "b"}, "exactly one"),
    "empty button": ({"key": "k", "pressed": ""}, "`pressed` is empty"),
    "long button": ({"key": "k", "pressed": "x" * 501}, "at most 500"),
    "long label": ({"key": "k", "pressed": "a", "label": "x" * 201}, "at most 200"),
    "label of a kind": ({"key": "k", "pressed": "a", "label": {}}, "`label` must be"),
    "no key": ({"text": "a"}, "`key` must be"),
    "empty key": ({"key": "", "text": "a"}, "`key` must be"),
    "long key": ({"key": "k" * 201, "text": "a"}, "`key` must be"),
    "key of a kind": ({"key": 1, "text": "a"}, "`key` must be"),
    "key with a line": ({"key": "a\nb", "text": "a"}, "`key` must be"),
    "key with half a character": ({"key": "\udc00", "text": "a"}, "`key` must be"),
}


@pytest.mark.parametrize(("fields", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_field_is_named(fields: dict[str, object], words: str):
    with pytest.raises(BadRequest, match=words):
        posted(**fields)


BODIES = {
    "nothing": (b"", "not valid JSON"),
    "not JSON": (b"hello", "not valid JSON"),
    "cut short": (b'{"key": "k", "te', "not valid JSON"),
    "not UTF-8": (b'{"key": "k", "text": "\xff\xfe"}', "not valid UTF-8"),
    "a list": (b"[]", "JSON object"),
    "a string": (b'"hello"', "JSON object"),
    "nested deep": (b"[" * 60_000, "not valid JSON"),
    "a number without end": (b'{"key": ' + b"9" * 20_000 + b"}", "not valid JSON"),
}


@pytest.mark.parametrize(("body", "words"), BODIES.values(), ids=BODIES.keys())
def test_a_bad_body_is_told_what_it_should_be(body: bytes, words: str):
    with pytest.raises(BadRequest, match=words):
        parse(body, VISITOR, now=START)
