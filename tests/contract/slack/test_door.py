"""The door: what is not Slack's, or too old, is refused; what comes twice is kept once."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.server.webhooks import webhook_routes
from channels.slack.channel import SlackChannel
from channels.slack.section import SlackConfig
from tests.contract.slack import events
from tests.contract.slack.around import around
from tests.contract.slack.double import TOKEN, Fault, SlackDouble, slack_double
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore

HELLO = json.dumps(events.envelope(events.message("Hello there"), "Ev1")).encode()
MINUTE = 60


class Door:
    """The product's route in front of an empty store."""

    def __init__(self, slack: SlackDouble, client: TestClient[Any, Any], store: FakeStore) -> None:
        self.slack, self.store = slack, store
        self.clock = FakeClock()
        self._client = client

    def signed(self, body: bytes, ago_s: float = 0) -> dict[str, str]:
        return events.signed(body, self.clock.now().timestamp() - ago_s)

    async def gets(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        async with self._client.post("/slack/events", data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    def kept(self) -> int:
        return len(self.store.world.events)


@pytest.fixture(params=[True])
async def door(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    """The parameter: whether a line has the workspace."""
    async with slack_double() as slack:
        config = SlackConfig(bot_token=TOKEN, signing_secret=events.SECRET, base_url=slack.url)
        channel, store = (
            SlackChannel(config, FakeClock(), around(serves=lambda _: request.param)),
            FakeStore(),
        )
        app = web.Application()
        app.add_routes(webhook_routes(store, {"/slack/events": channel}))
        async with TestClient(TestServer(app, host="127.0.0.1")) as client:
            yield Door(slack, client, store)
        await channel.close()


async def test_what_is_signed_is_kept(door: Door):
    status, _ = await door.gets(HELLO, door.signed(HELLO))
    assert (status, door.kept()) == (200, 1)


@pytest.mark.parametrize("ago_s", [5 * MINUTE + 1, 3600, -5 * MINUTE - 1])
async def test_what_is_too_old_or_from_the_future_is_refused(door: Door, ago_s: float):
    status, said = await door.gets(HELLO, door.signed(HELLO, ago_s))
    assert (status, door.kept()) == (401, 0)
    assert "signature" in said


@pytest.mark.parametrize("gone", ["x-slack-signature", "x-slack-request-timestamp"])
async def test_what_is_not_signed_is_refused(door: Door, gone: str):
    headers = door.signed(HELLO)
    del headers[gone]
    status, _ = await door.gets(HELLO, headers)
    assert (status, door.kept()) == (401, 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"x-slack-signature": "v0=" + "0" * 64},
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0=\u00e9"},
        {"x-slack-request-timestamp": "soon"},
        {"x-slack-request-timestamp": "9" * 400},
        {"x-slack-request-timestamp": "nan"},
    ],
)
async def test_what_is_signed_wrongly_is_refused(door: Door, changed: dict[str, str]):
    status, _ = await door.gets(HELLO, door.signed(HELLO) | changed)
    assert (status, door.kept()) == (401, 0)


async def test_another_body_under_a_good_signature_is_refused(door: Door):
    other = HELLO.replace(b"Hello", b"Jello")
    status, _ = await door.gets(other, door.signed(HELLO))
    assert (status, door.kept()) == (401, 0)


@pytest.mark.parametrize("ago_s", [0, 4 * MINUTE])
async def test_a_replay_is_taken_and_kept_once(door: Door, ago_s: float):
    headers = door.signed(HELLO, ago_s)
    for number in range(4):
        again = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"}
        status, _ = await door.gets(HELLO, headers | (again if number else {}))
        assert status == 200
    assert door.kept() == 1


async def test_the_same_message_under_another_event_id_is_kept_once(door: Door):
    said = events.message("<@U0BOT> hello", channel="C0HELP")
    for event in (said, {**said, "type": "app_mention"}):
        body = json.dumps(events.envelope(event)).encode()
        assert (await door.gets(body, door.signed(body)))[0] == 200
    assert door.kept() == 1


async def test_slacks_challenge_is_answered(door: Door):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    status, said = await door.gets(body, door.signed(body))
    assert (status, json.loads(said)["challenge"]) == (200, "3eZbrw1a")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b"null",
        b"payload=",
        b"payload=%5B%5D",
        urlencode({"payload": "{"}).encode(),
        b"\xff\xfe",
        b'{"type": "event_callback", "team_id": "T0CARE", "event": 7}',
        json.dumps(events.envelope({**events.message("x"), "ts": "later"})).encode(),
        json.dumps(events.envelope({**events.message("x"), "user": {"id": "U0ANN"}})).encode(),
        json.dumps(events.envelope({**events.message("x"), "text": ["x"], "files": 3})).encode(),
    ],
)
async def test_what_cannot_be_read_is_told_in_a_sentence(door: Door, body: bytes):
    status, said = await door.gets(body, door.signed(body))
    assert status in (400, 401)
    assert "Traceback" not in said
    assert door.kept() == 0


async def test_while_the_store_is_away_nothing_is_acknowledged(door: Door):
    door.store.away = True
    assert (await door.gets(HELLO, door.signed(HELLO)))[0] == 503
    door.store.away = False
    assert (await door.gets(HELLO, door.signed(HELLO)))[0] == 200
    assert door.kept() == 1


async def test_while_slack_does_not_say_who_we_are_nothing_is_acknowledged(door: Door):
    door.slack.fail("auth.test", Fault(503))
    assert (await door.gets(HELLO, door.signed(HELLO)))[0] == 503
    assert (await door.gets(HELLO, door.signed(HELLO)))[0] == 200
    assert door.kept() == 1


async def test_somebody_whose_name_cannot_be_looked_up_is_heard_all_the_same(door: Door):
    door.slack.fail("users.info", Fault(500), times=3)
    assert (await door.gets(HELLO, door.signed(HELLO)))[0] == 200
    assert door.kept() == 1


@pytest.mark.parametrize("door", [False], indirect=True)
async def test_where_no_line_is_a_button_is_heard_and_words_are_not(door: Door):
    assert (await door.gets(HELLO, door.signed(HELLO)))[0] == 200
    assert door.kept() == 0
    card = {"channel": "D0ADA", "ts": "1772442000.000200", "text": "asked"}
    claim = {"type": "button", "action_id": "choice:0", "value": "claim:h1"}
    claim_button = claim | {"text": {"type": "plain_text", "text": "Claim"}}
    body = events.form(events.press(claim_button, card, user="U0ADA"))
    assert (await door.gets(body, door.signed(body)))[0] == 200
    assert door.kept() == 1
