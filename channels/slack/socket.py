"""Socket Mode: events come through a connection that we open; no public URL is needed.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import aiohttp
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BadRequest, CarelineError
from bot.domain.ports import Keep, Received
from channels.slack.section import SlackConfig

log = logging.getLogger("careline.slack")
Take: TypeAlias = Callable[[AsyncBoltRequest], Awaitable[Received]]
_AGAIN_S, _LONGEST_S = 1.0, 30.0


async def listen(config: SlackConfig, take: Take, keep: Keep) -> None:
    """Hear events until cancelled; connects anew whenever the connection is lost."""
    sdk = logging.getLogger("careline.slack.socket")
    sdk.setLevel(logging.CRITICAL)  # it would tell of messages in its own words
    web = AsyncWebClient(base_url=config.base_url)
    client = SocketModeClient(app_token=config.app_token, web_client=web, logger=sdk)

    async def on_request(there: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        await _heard(there, asked, take, keep)

    client.socket_mode_request_listeners.append(on_request)
    try:
        await _connected(client)
        log.info("slack_connected")
        await asyncio.Event().wait()
    finally:
        await client.close()  # type: ignore[no-untyped-call]  # the SDK's


async def _connected(client: SocketModeClient) -> None:
    wait = _AGAIN_S
    while True:
        try:
            await client.connect()  # type: ignore[no-untyped-call]  # the SDK's
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as exc:
            log.warning("slack_away", extra={"error": type(exc).__name__})
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_S)
        else:
            return


async def _heard(
    there: AsyncBaseSocketModeClient, asked: SocketModeRequest, take: Take, keep: Keep
) -> None:
    """Kept, and only then acknowledged: what could not be kept comes again."""
    try:
        received = await take(AsyncBoltRequest(mode="socket_mode", body=asked.payload))
        await keep(received)
    except BadRequest:
        log.warning("slack_unreadable")
    except CarelineError as exc:
        log.warning("slack_not_kept", extra={"error": type(exc).__name__})
        return
    await there.send_socket_mode_response(SocketModeResponse(envelope_id=asked.envelope_id))
