"""Posting: kept once, refused with a sentence, never acknowledged before it is kept."""

import asyncio

import pytest

from bot.domain.message import Text
from tests.unit.server.chat.house import SHOP, House, Visit, soon


async def test_a_message_is_kept_and_shown(house: House):
    visit = await house.visit()
    answer = await visit.post(key="k1", text="Hello")
    assert (answer.status, await answer.json()) == (202, {"duplicate": False})
    [event] = house.store.world.events.values()
    assert event.event.parts == (Text(text="Hello"),)
    assert [body["text"] for body in house.feed()] == ["Hello"]


async def test_a_retry_is_a_duplicate_with_one_echo(house: House):
    visit = await house.visit()
    await visit.post(key="k1", text="Hello")
    again = await visit.post(key="k1", text="Hello")
    assert (again.status, await again.json()) == (202, {"duplicate": True})
    assert len(house.feed()) == len(house.store.world.events) == 1


async def test_the_same_key_twice_at_once_is_kept_once(house: House):
    visit = await house.visit()
    answers = await asyncio.gather(*(visit.post(key="k", text="Hello") for _ in range(8)))
    fresh = [a for a in answers if not (await a.json())["duplicate"]]
    assert (len(fresh), len(house.feed())) == (1, 1)


async def test_two_visitors_may_use_the_same_key(house: House):
    for visit in (await house.visit(), await house.visit()):
        assert not (await (await visit.post(key="k", text="Hello")).json())["duplicate"]


async def test_script_arrives_as_text(house: House):
    visit = await house.visit()
    await visit.post(key="k", text="<script>alert(1)</script>")
    assert house.feed()[0]["text"] == "<script>alert(1)</script>"


BAD = {
    "not JSON": b"hello",
    "not UTF-8": b'{"key": "k", "text": "\xff"}',
    "empty text": b'{"key": "k", "text": ""}',
    "no key": b'{"text": "a"}',
    "emoji": b'{"key": "k", "text": "' + "😀".encode() * 10_000 + b'"}',
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_bad_input_is_refused_with_a_sentence(house: House, body: bytes):
    answer = await (await house.visit()).post_raw(body)
    assert answer.status == 400
    assert (await answer.json())["error"].endswith(".")
    assert house.feed() == []


async def test_a_body_over_the_limit(house: House):
    visit = await house.visit()
    answer = await visit.post(key="k", text="x" * 1_000_000)
    assert (answer.status, await answer.json()) == (
        413,
        {"error": "The body is over 64 KiB; send less at a time."},
    )


async def test_a_body_of_unknown_length_over_the_limit(house: House):
    async def chunks():
        for _ in range(100):
            yield b"x" * 1024

    url = "/chat/api/visitors"
    assert (await soon(house.browser.post(url, data=chunks()))).status == 413


@pytest.mark.parametrize("token", ["", "nonsense", "v1.a.shop.b"])
async def test_a_wrong_token(house: House, token: str):
    answer = await Visit(house.browser, "", token).post(key="k", text="Hello")
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (await answer.json())["error"]


async def test_a_token_of_a_line_that_is_gone(house: House):
    _, token = house.channel.welcome("closed")
    assert (await Visit(house.browser, "", token).post(key="k", text="Hello")).status == 401


async def test_nothing_is_acknowledged_while_the_database_is_away(house: House):
    visit = await house.visit()
    house.store.away = True
    answer = await visit.post(key="k", text="Hello")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    house.store.away = False
    assert await (await visit.post(key="k", text="Hello")).json() == {"duplicate": False}


async def test_a_line_is_chosen_when_the_visitor_is_made(house: House):
    visit = await house.visit(line="it")
    await visit.post(key="k", text="Hello")
    [event] = house.store.world.events.values()
    assert event.event.address.account == "it"


@pytest.mark.parametrize("body", [b'{"line": "nowhere"}', b'{"line": 1}', b"[]", b"{"])
async def test_a_line_that_does_not_exist(house: House, body: bytes):
    assert (await soon(house.browser.post("/chat/api/visitors", data=body))).status == 400


async def test_a_visitor_needs_no_body(house: House):
    answer = await soon(house.browser.post("/chat/api/visitors"))
    assert sorted(await answer.json()) == ["token", "visitor"]


async def test_only_listed_sites_may_call(house: House):
    url = "/chat/api/messages"
    listed = await soon(house.browser.options(url, headers={"Origin": SHOP}))
    assert listed.status == 204
    assert listed.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Authorization" in listed.headers["Access-Control-Allow-Headers"]
    for origin in ("https://evil.example", "null", "http://shop.example"):
        other = await soon(house.browser.options(url, headers={"Origin": origin}))
        assert other.status == 403
        assert "Access-Control-Allow-Origin" not in other.headers


async def test_every_answer_carries_the_headers(house: House):
    answer = await Visit(house.browser, "", "nonsense").post(key="k", text="Hello")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] == "Origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
