"""Slack as a `Channel`: proven requests in, calls of the Web API out."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncBoltRequest

from bot.domain.errors import BadRequest, CarelineError, TryLater, Unavailable
from bot.domain.message import Address, Outbound, Receipt
from bot.domain.ports import Abilities, Clock, Draft, Keep, Progress, Received, Request
from channels.slack.around import Around
from channels.slack.asides import Asides
from channels.slack.errors import AGAIN
from channels.slack.hearing import NOT_READ, Hearing
from channels.slack.inbound import NAME
from channels.slack.missed import missed
from channels.slack.section import SlackConfig
from channels.slack.signature import prove
from channels.slack.socket import SlackSocket
from channels.slack.workspace import SlackWorkspace
from channels.slack.workspaces import Workspaces

log = logging.getLogger("careline.slack")

_AGAIN_S = 1.0
_NO_GAP, _LONGEST_GAP = timedelta(seconds=10), timedelta(days=1)
"""Between these, what was missed is looked up; Slack itself tries again for some minutes."""
_OVERLAP = timedelta(minutes=1)
"""Read again from before the gap: Slack's clock is not ours, and what is kept twice is one."""


class SlackChannel:
    """One app. Accounts are workspaces, rooms channels and direct messages."""

    name = NAME
    abilities = Abilities(
        buttons=True,
        threads=True,
        media=True,
        files=True,
        forms=True,
        edits=True,
        private=True,
        marks=True,
        max_text=12_000,
    )

    def __init__(self, config: SlackConfig, clock: Clock, around: Around) -> None:
        self._around = around
        self._config = config
        self._clock = clock
        self._asides = Asides(around.front)
        self._hearing = Hearing()
        self._workspaces = Workspaces(config, clock, around, self._asides)

    async def receive(self, request: Request) -> Received:
        prove(request, self._config.signing_secret, self._clock)
        try:
            asked = AsyncBoltRequest(body=request.body.decode(), headers=dict(request.headers))
        except (ValueError, AttributeError, TypeError) as exc:
            raise BadRequest(NOT_READ) from exc
        if not asked.body:
            raise BadRequest(NOT_READ)
        return await self.take(asked)

    async def take(self, asked: AsyncBoltRequest) -> Received:
        """What a request holds that was proven by its signature, or by the socket it came in.

        Raises `BadRequest`, and `Unavailable` while it cannot be told whose workspace it is.
        """
        heard = await self._hearing.hear(asked)
        if heard.kind is None:
            return Received(reply=heard.reply)
        if heard.kind == "gone":
            await self._workspaces.forget(heard.body)
            return Received(reply=heard.reply)
        there = await self._workspaces.of(heard.body)
        if there is None:
            log.warning("slack_not_installed")
            return Received(reply=heard.reply)
        return await there.take(heard)

    async def listen(self, keep: Keep) -> None:
        """Fetch what was missed, then hear events through Socket Mode where an app token is set."""
        since = await self._gap()

        def deaf(since: datetime) -> None:
            group.create_task(self._catch_up(keep, since))

        async with asyncio.TaskGroup() as group:
            group.create_task(self._asides.run())
            if since is not None:
                deaf(since)
            if self._config.app_token:
                ears = SlackSocket(self._config, self._clock, self.take, keep)
                group.create_task(ears.run(deaf))

    async def _gap(self) -> datetime | None:
        """Since when nobody has listened, as far as is known."""
        while True:
            try:
                last = await self._around.last()
            except Unavailable:
                await asyncio.sleep(_AGAIN_S)
            else:
                now = self._clock.now()
                return None if last is None or now - last < _NO_GAP else last

    async def _catch_up(self, keep: Keep, since: datetime) -> None:
        """What was missed comes as it would have; what comes by itself goes on beside it."""
        count = 0
        try:
            earliest = max(since - _OVERLAP, self._clock.now() - _LONGEST_GAP)
            async for there in self._workspaces.all():
                async for event in missed(there.web, earliest):
                    count += await self._again(event, there.me.team, keep)
        except CarelineError as exc:
            log.warning("slack_not_caught_up", extra={"error": type(exc).__name__})
        log.info("slack_caught_up", extra={"count": count})

    async def _again(self, event: dict[str, Any], team: str, keep: Keep) -> int:
        """How many events a message of the history holds for us."""
        body = {"type": "event_callback", "team_id": team, "event": event}
        try:
            received = await self.take(AsyncBoltRequest(mode="socket_mode", body=body))
        except BadRequest:
            return 0
        await keep(received)
        return len(received.events)

    async def send(self, outbound: Outbound) -> Receipt:
        message_id = await (await self._at(outbound.address)).send(outbound)
        return Receipt(message_id=message_id, sent_at=self._clock.now())

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        if address.thread is None:
            return  # Slack shows a status in threads alone
        try:
            there = await self._at(address)
        except CarelineError:
            return
        await there.progress(address, state, name=name)

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:
        try:
            there = await self._at(address)
        except CarelineError:
            return None
        return there.draft(address, conversation=conversation, version=version)

    async def close(self) -> None:
        await self._workspaces.close()

    async def _at(self, address: Address) -> SlackWorkspace:
        """Raises `TryLater` and `Refused`."""
        try:
            return await self._workspaces.at(address.account)
        except Unavailable as exc:
            raise TryLater(AGAIN) from exc
