"""Socket Mode: events come through a connection that we open; no public URL is needed.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import aiohttp
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BadRequest, CarelineError
from bot.domain.ports import Clock, Keep, Received, Reply
from channels.slack.section import SlackConfig

log = logging.getLogger("careline.slack")
Take: TypeAlias = Callable[[AsyncBoltRequest], Awaitable[Received]]
Deaf: TypeAlias = Callable[[datetime], None]
"""Told since when nothing was heard."""
_AGAIN_S, _LONGEST_S, _LOOK_S = 1.0, 30.0, 1.0
_AT_ONCE = 16
"""Events that are kept at the same time; the SDK begins with all that have come."""
_DEAF = timedelta(seconds=15)
"""A gap that is shorter is one that Slack's own retries bridge."""


class SlackSocket:
    """One connection, kept up; it says since when it was deaf whenever it hears again."""

    def __init__(self, config: SlackConfig, clock: Clock, take: Take, keep: Keep) -> None:
        sdk = logging.getLogger("careline.slack.socket")
        sdk.setLevel(logging.CRITICAL)  # it would tell of messages in its own words
        web = AsyncWebClient(base_url=config.base_url)
        self._client = SocketModeClient(app_token=config.app_token, web_client=web, logger=sdk)
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._clock = clock
        self._take = take
        self._keep = keep

    async def run(self, deaf: Deaf) -> None:
        """Hear events until cancelled; connects anew whenever the connection is lost."""

        async def on_request(there: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
            async with self._few:
                await _heard(there, asked, self._take, self._keep)

        self._client.socket_mode_request_listeners.append(on_request)
        try:
            await _connected(self._client)
            log.info("slack_connected")
            await self._watch(deaf)
        finally:
            await self._client.close()  # type: ignore[no-untyped-call]  # the SDK's

    async def _watch(self, deaf: Deaf) -> None:
        """The SDK connects anew by itself; what was said meanwhile is for others to fetch."""
        heard = self._clock.now()
        while True:
            await asyncio.sleep(_LOOK_S)
            now = self._clock.now()
            if not await self._client.is_connected():
                continue
            if now - heard > _DEAF:
                log.info("slack_connected")
                deaf(heard)
            heard = now


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
        told = _payload(received.reply)
    except BadRequest:
        log.warning("slack_unreadable")
        told = None
    except CarelineError as exc:
        log.warning("slack_not_kept", extra={"error": type(exc).__name__})
        return
    answer = SocketModeResponse(envelope_id=asked.envelope_id, payload=told)
    await there.send_socket_mode_response(answer)


def _payload(reply: Reply) -> dict[str, Any] | None:
    """What is told with the acknowledgement, as it would be by HTTP."""
    return json.loads(reply.body) if reply.body.startswith(b"{") else None
