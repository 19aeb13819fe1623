"""The stream: everything once, in order, to its visitor alone."""

import pytest

from bot.domain.message import Address
from bot.domain.ports import FeedItem
from bot.server.chat.events import message, passing
from tests.unit.server.chat.house import House


async def test_it_replays_then_goes_live(house: House):
    visit = await house.visit()
    await visit.post(key="k1", text="Hello")
    await house.say(visit, "o1", "Hi")
    stream = await visit.stream()
    assert stream.response.headers["Content-Type"].startswith("text/event-stream")
    assert [body["text"] for body in await stream.until_ready()] == ["Hello", "Hi"]
    await house.say(visit, "o2", "Anything else?")
    kind, body, seq = await stream.next()
    assert (kind, body["text"], seq) == ("message", "Anything else?", "3")


async def test_it_resumes_after_the_last_id(house: House):
    visit = await house.visit()
    for number in range(1, 4):
        await house.say(visit, f"o{number}", f"m{number}")
    stream = await visit.stream(**{"Last-Event-ID": "2"})
    assert [body["text"] for body in await stream.until_ready()] == ["m3"]


async def test_a_long_history_comes_whole(house: House):
    visit = await house.visit()
    for number in range(450):
        await house.say(visit, f"o{number}", str(number))
    stream = await visit.stream()
    assert [b["text"] for b in await stream.until_ready()] == [str(n) for n in range(450)]


async def test_one_visitor_never_sees_anothers(house: House):
    mine, other = await house.visit(), await house.visit()
    await house.say(mine, "o1", "a secret")
    stream = await other.stream()
    assert await stream.until_ready() == []
    await house.say(mine, "o2", "another secret")
    await house.say(other, "o3", "yours")
    assert (await stream.next())[1]["text"] == "yours"


async def test_two_pages_of_one_visitor_show_the_same(house: House):
    visit = await house.visit()
    first, second = await visit.stream(), await visit.stream()
    await first.until_ready()
    await second.until_ready()
    await visit.post(key="k", text="Hello")
    assert (await first.next())[1:] == (await second.next())[1:]


async def test_typing_and_drafts_pass_without_an_id(house: House):
    visit = await house.visit()
    stream = await visit.stream()
    await stream.until_ready()
    room = Address(channel="web", account="shop", room=visit.id)
    await house.channel.progress(room, "thinking")
    assert await stream.next() == ("progress", {"type": "progress", "state": "thinking"}, None)
    draft = await house.channel.draft(room, conversation="c", version=1)
    await draft.abandon()
    assert (await stream.next())[0] == "draft_end"
    await house.say(visit, "o1", "Hi")
    assert (await stream.next())[2] == "1"


async def test_an_empty_payload_means_read_again(house: House):
    visit = await house.visit()
    stream = await visit.stream()
    await stream.until_ready()
    [topic] = house.notices.listeners
    house.notices.announce(topic, b"")
    house.notices.announce(topic, b"not JSON")
    await house.say(visit, "o1", "Hi")
    assert (await stream.next())[2] == "1"


async def test_an_announced_item_is_shown_unread_and_one_that_leaps_is_not(house: House):
    visit = await house.visit()
    stream = await visit.stream()
    await stream.until_ready()
    [topic] = house.notices.listeners
    house.notices.announce(topic, b'7 {"text": "a leap"}')
    house.notices.announce(topic, b'1 {"text": "the next"}')
    house.notices.announce(topic, b'1 {"text": "again"}')
    assert (await stream.next())[1:] == ({"text": "the next"}, "1")
    house.notices.announce(topic, b'2 {"text": "and one more"}')
    assert (await stream.next())[1:] == ({"text": "and one more"}, "2")


async def test_it_ends_when_the_server_stops(house: House):
    visit = await house.visit()
    stream = await visit.stream()
    await stream.until_ready()
    house.deps.stopping.set()
    assert await stream.ended() == b""
    assert not any(house.notices.listeners.values())


async def test_it_ends_when_the_database_goes(house: House):
    visit = await house.visit()
    stream = await visit.stream()
    await stream.until_ready()
    house.store.away = True
    [topic] = house.notices.listeners
    house.notices.announce(topic, b"")
    assert await stream.ended() == b""


async def test_a_database_that_is_away_is_said_at_once(house: House):
    visit = await house.visit()
    house.store.away = True
    response = (await visit.stream()).response
    assert (response.status, response.headers["Retry-After"]) == (503, "5")


async def test_the_oldest_of_too_many_pages_is_parted(house: House):
    visit = await house.visit()
    oldest = await visit.stream()
    await oldest.until_ready()
    others = [await visit.stream() for _ in range(house.deps.limits.streams)]
    assert (await oldest.next())[0] == "elsewhere"
    assert await oldest.ended() == b""
    await house.say(visit, "o1", "Hi")
    for stream in others:
        assert [b["text"] for b in [(await _first_message(stream))]] == ["Hi"]


async def _first_message(stream):
    await stream.until_ready()
    return (await stream.next())[1]


@pytest.mark.parametrize("last", ["-1", "x", "1.5", "²", "9" * 30])
async def test_a_wrong_last_id(house: House, last: str):
    visit = await house.visit()
    url = "/chat/api/stream"
    answer = await house.browser.get(url, params={"after": last}, headers=visit.headers)
    assert answer.status == 400


async def test_a_wrong_token(house: House):
    answer = await house.browser.get("/chat/api/stream", headers={"Authorization": "Bearer x"})
    assert answer.status == 401


def test_a_body_of_several_lines_stays_one_event():
    assert message(FeedItem(seq=7, body=b"a\r\nb")) == (
        b"id: 7\nevent: message\ndata: a\ndata: b\n\n"
    )


@pytest.mark.parametrize("payload", [b"", b"7", b"[]", b"{", b'{"type": "message"}', b"\xff"])
def test_only_known_signals_pass(payload: bytes):
    assert passing(payload) is None
