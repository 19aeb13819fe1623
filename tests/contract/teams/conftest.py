"""A Teams channel beside Microsoft's side on loopback."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.domain.ports import Request
from channels.teams.channel import TeamsChannel
from channels.teams.section import TeamsConfig
from tests.doubles.teams import APP, ISSUER, PASSWORD, TENANT, Microsoft, activity, microsoft
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore

Post = Callable[..., Request]


@pytest.fixture
async def there() -> AsyncIterator[Microsoft]:
    async with microsoft() as double:
        yield double


@pytest.fixture
def config(there: Microsoft) -> TeamsConfig:
    return TeamsConfig(
        app_id=APP,
        tenant_id=TENANT,
        password=PASSWORD,
        openid_metadata_url=f"{there.url}/openid",
        issuer=ISSUER,
        token_url=f"{there.url}/login/{TENANT}/oauth2/v2.0/token",
        scope=f"{ISSUER}/.default",
        service_url=there.service_url,
    )


@pytest.fixture
async def channel(config: TeamsConfig, clock: FakeClock) -> AsyncIterator[TeamsChannel]:
    made = TeamsChannel(config, FakeStore(), clock)
    yield made
    await made.close()


@pytest.fixture
def post(there: Microsoft) -> Post:
    """A signed request with a message; fields of the activity may be changed."""

    def made(token: str | None = None, **changed: Any) -> Request:
        fields = activity(there.service_url, talk="a:1", key="1", text="Hello there") | changed
        given = there.signer.token(there.service_url) if token is None else token
        headers = {"authorization": f"Bearer {given}"} if given else {}
        body = json.dumps(fields).encode()
        return Request(method="POST", url="/teams/messages", headers=headers, body=body)

    return made
