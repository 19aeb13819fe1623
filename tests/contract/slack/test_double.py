"""The double behaves as Slack does towards Slack's own clients."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from tests.contract.slack import events
from tests.contract.slack.double import APP_TOKEN, TOKEN, Fault, SlackDouble, slack_double
from tests.contract.slack.scopes import ALL

NOW = 1_800_000_000.0


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with slack_double() as opened:
        yield opened


@pytest.fixture
def web(slack: SlackDouble) -> AsyncWebClient:
    return AsyncWebClient(token=TOKEN, base_url=slack.url)


async def error_of(call) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_the_client_posts_changes_and_takes_back(slack: SlackDouble, web: AsyncWebClient):
    assert (await web.auth_test())["team_id"] == events.TEAM
    posted = await web.chat_postMessage(channel="C0HELP", text="One")
    await web.chat_update(channel="C0HELP", ts=posted["ts"], text="Two")
    assert [m["text"] for m in slack.shown("C0HELP")] == ["Two"]
    await web.chat_delete(channel="C0HELP", ts=posted["ts"])
    assert slack.shown("C0HELP") == []
    assert await error_of(web.chat_delete(channel="C0HELP", ts="1.2")) == "message_not_found"


async def test_a_reply_stands_in_its_thread_and_a_word_to_one_alone_does_not(
    slack: SlackDouble, web: AsyncWebClient
):
    first = await web.chat_postMessage(channel="C0HELP", text="One")
    await web.chat_postMessage(channel="C0HELP", text="Two", thread_ts=first["ts"])
    await web.chat_postEphemeral(channel="C0HELP", user="U0ANN", text="You alone")
    assert [m["text"] for m in slack.shown("C0HELP", first["ts"])] == ["Two"]
    assert [m["to"] for m in slack.private] == ["U0ANN"]


async def test_strangers_and_outsiders_are_refused(slack: SlackDouble, web: AsyncWebClient):
    stranger = AsyncWebClient(token="xoxb-other", base_url=slack.url)  # noqa: S106  a wrong one
    assert await error_of(stranger.auth_test()) == "invalid_auth"
    assert await error_of(web.chat_postMessage(channel="C0ELSE", text="x")) == "not_in_channel"
    assert await error_of(web.chat_postMessage(channel="X1", text="x")) == "channel_not_found"
    assert await error_of(web.users_info(user="U0NONE")) == "user_not_found"


async def test_a_missing_scope_is_named(slack: SlackDouble, web: AsyncWebClient):
    slack.scopes = ALL - {"reactions:write"}
    with pytest.raises(SlackApiError) as caught:
        await web.reactions_add(channel="C0HELP", timestamp="1.2", name="eyes")
    answer = caught.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "reactions:write")


def button(**more: object) -> dict[str, object]:
    text = {"type": "plain_text", "text": "Yes"}
    return {"type": "button", "action_id": "yes", "value": "yes", "text": text, **more}


def actions(*buttons: dict[str, object]) -> list[dict[str, object]]:
    return [{"type": "actions", "elements": list(buttons)}]


TOO_MUCH = {
    "51 blocks": [{"type": "divider"}] * 51,
    "a long section": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
    "an empty section": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
    "a long label": actions(button(text={"type": "plain_text", "text": "x" * 76})),
    "a label with marks": actions(button(text={"type": "mrkdwn", "text": "x"})),
    "a long value": actions(button(value="x" * 2001)),
    "a long action": actions(button(action_id="x" * 256)),
    "an action twice": actions(button(), button()),
    "26 buttons": actions(*[button(action_id=str(n)) for n in range(26)]),
    "a long header": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
    "an unknown block": [{"type": "poem"}],
}


@pytest.mark.parametrize("blocks", TOO_MUCH.values(), ids=list(TOO_MUCH))
async def test_blocks_over_the_limits_are_refused(slack: SlackDouble, web: AsyncWebClient, blocks):
    call = web.chat_postMessage(channel="C0HELP", text="x", blocks=blocks)
    assert await error_of(call) == "invalid_blocks"
    assert slack.messages == []


async def test_no_text_and_too_much_text_are_refused(web: AsyncWebClient):
    empty = web.api_call("chat.postMessage", json={"channel": "C0HELP", "text": ""})
    assert await error_of(empty) == "no_text"
    long = web.chat_postMessage(channel="C0HELP", text="x" * 40_001)
    assert await error_of(long) == "msg_too_long"


async def test_the_client_waits_as_long_as_it_is_told(slack: SlackDouble, web: AsyncWebClient):
    slack.fail("chat.postMessage", Fault(status=429, retry_after=0))
    with pytest.raises(SlackApiError) as caught:
        await web.chat_postMessage(channel="C0HELP", text="x")
    assert caught.value.response.headers["Retry-After"] == "0"
    slack.fail("chat.postMessage", Fault(status=429, retry_after=0))
    web.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await web.chat_postMessage(channel="C0HELP", text="x")
    assert (slack.calls["chat.postMessage"], len(slack.messages)) == (3, 1)


def test_slacks_own_verifier_believes_the_signature():
    verifier = SignatureVerifier(events.SECRET, clock=Still())
    for body in (b'{"a": 1}', events.form({"type": "block_actions"})):
        headers = events.signed(body, NOW)
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + b" ", headers)
        assert not verifier.is_valid_request(body, events.signed(body, NOW - 301))
        assert not verifier.is_valid_request(body, events.signed(body, NOW, secret="a" * 32))


class Still(Clock):
    """The verifier's clock, standing."""

    @override
    def now(self) -> float:
        return NOW


async def test_envelopes_come_to_one_connection_and_again_until_acknowledged(slack: SlackDouble):
    heard: list[tuple[int, str, int]] = []
    clients = [_connection(slack, number, heard) for number in range(2)]
    try:
        for client in clients:
            await client.connect()
        await slack.sockets.connected(2)
        for number in range(4):
            said = events.message(str(number))
            await slack.sockets.deliver(events.envelope(said))
        await _until(lambda: len(heard) == 4)
        assert {who for who, _, _ in heard} == {0, 1}
        assert sorted(text for _, text, _ in heard) == ["0", "1", "2", "3"]
        assert len(slack.sockets.unacked) == 4  # a first delivery is not acknowledged below
        await slack.sockets.again()
        await slack.sockets.all_acked()
        assert len(heard) == 8
    finally:
        for client in clients:
            await client.close()


async def test_a_dropped_connection_is_opened_anew(slack: SlackDouble):
    heard: list[tuple[int, str, int]] = []
    client = _connection(slack, 0, heard)
    try:
        await client.connect()
        await slack.sockets.connected()
        await slack.sockets.drop()
        await slack.sockets.connected()
        await slack.sockets.deliver(events.envelope(events.message("still there?")))
        await _until(lambda: bool(heard))
        assert slack.calls["apps.connections.open"] == 2
    finally:
        await client.close()


def _connection(
    slack: SlackDouble, number: int, heard: list[tuple[int, str, int]]
) -> SocketModeClient:
    web = AsyncWebClient(base_url=slack.url)
    client = SocketModeClient(app_token=APP_TOKEN, web_client=web, ping_interval=1)

    async def on_request(there: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        text = json.loads(json.dumps(asked.payload))["event"]["text"]
        heard.append((number, text, asked.retry_attempt or 0))
        if asked.retry_attempt:
            await there.send_socket_mode_response(SocketModeResponse(asked.envelope_id))

    client.socket_mode_request_listeners.append(on_request)
    return client


async def _until(met) -> None:
    async with asyncio.timeout(10):
        while not met():  # noqa: ASYNC110  the SDK tells nobody
            await asyncio.sleep(0.01)
