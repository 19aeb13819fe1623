"""A webhook is verified, kept and answered; what cannot be kept is refused in words."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import TypeAlias

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.core.accept import reading_ahead
from bot.core.lines import Lines
from bot.domain.message import Address
from bot.domain.ports import Typing
from bot.server.webhooks import MAX_BODY, webhook_routes
from tests.fakes.channel import SECRET, FakeChannel
from tests.fakes.reader import FakeReader
from tests.fakes.store import FakeStore
from tests.unit.core.house import line

STAFF = Address(channel="fake", account="a", room="staff")
PATH = "/double/events"
HELLO = {"key": "one", "account": "a", "room": "r", "sender": "s", "text": "Hello"}
Client: TypeAlias = TestClient[web.Request, web.Application]


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def signs() -> list[Typing]:
    return []


@pytest.fixture
async def client(
    store: FakeStore, reader: FakeReader, signs: list[Typing]
) -> AsyncIterator[Client]:
    async def shown(typing: Typing) -> None:
        signs.append(typing)

    foresee = reading_ahead(reader, Lines([line(staff_room=STAFF)]))
    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes(webhook_routes(store, {PATH: FakeChannel()}, foresee, shown))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_body_over_the_limit_is_refused_in_words(client: Client, store: FakeStore):
    answer = await client.post(PATH, data=BytesIO(b"x" * (MAX_BODY + 1)))
    assert answer.status == 413
    assert "bytes" in (await answer.json())["error"]
    assert store.world.events == {}


async def test_a_stranger_is_refused_and_nothing_is_kept(
    client: Client, store: FakeStore, reader: FakeReader
):
    answer = await client.post(PATH, data=json.dumps(HELLO))
    assert answer.status == 401
    assert store.world.events == {}
    assert reader.told == []


async def test_words_are_read_while_they_are_being_kept(
    client: Client, store: FakeStore, reader: FakeReader
):
    pressed = HELLO | {"key": "two", "pressed": "yes"}
    for body in (HELLO, pressed):
        answer = await client.post(PATH, data=json.dumps(body), headers={"Authorization": SECRET})
        assert answer.status == 200
    assert len(store.world.events) == 2
    assert reader.told == ["Hello"]


async def test_staffs_words_are_not(client: Client, store: FakeStore, reader: FakeReader):
    body = json.dumps(HELLO | {"room": "staff", "thread": "m1"})
    answer = await client.post(PATH, data=body, headers={"Authorization": SECRET})
    assert answer.status == 200
    assert len(store.world.events) == 1
    assert reader.told == []


async def test_typing_is_shown_and_not_kept(client: Client, store: FakeStore, signs: list[Typing]):
    body = json.dumps(HELLO | {"typing": True})
    answer = await client.post(PATH, data=body, headers={"Authorization": SECRET})
    assert answer.status == 200
    assert store.world.events == {}
    assert [sign.address.room for sign in signs] == ["r"]
