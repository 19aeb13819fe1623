"""A webhook is verified, kept and answered; what cannot be kept is refused in words."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import TypeAlias

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.server.webhooks import MAX_BODY, webhook_routes
from tests.fakes.channel import FakeChannel
from tests.fakes.store import FakeStore

PATH = "/double/events"
Client: TypeAlias = TestClient[web.Request, web.Application]


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
async def client(store: FakeStore) -> AsyncIterator[Client]:
    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes(webhook_routes(store, {PATH: FakeChannel()}))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_body_over_the_limit_is_refused_in_words(client: Client, store: FakeStore):
    answer = await client.post(PATH, data=BytesIO(b"x" * (MAX_BODY + 1)))
    assert answer.status == 413
    assert "bytes" in (await answer.json())["error"]
    assert store.world.events == {}


async def test_a_stranger_is_refused_and_nothing_is_kept(client: Client, store: FakeStore):
    answer = await client.post(PATH, data=b"{}")
    assert answer.status == 401
    assert store.world.events == {}
