"""The calls of the Web API: what is said, changed and taken back; who we are; who others are.

https://docs.slack.dev/reference/methods
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.contact import Person
from bot.domain.errors import Refused, TryLater
from bot.domain.message import Address, HandoffCard, Mark, Outbound, Part, Text
from bot.domain.ports import Clock
from channels.slack.errors import code_of, mapped_errors
from channels.slack.inbound import NAME, Workspace
from channels.slack.outbound import message_of
from channels.slack.pace import Pace
from channels.slack.section import SlackConfig

log = logging.getLogger("careline.slack")
_PATIENCE = aiohttp.ClientTimeout(total=10, sock_connect=5)
_PATIENCE_S = 10
_PAGE = "200"
_MARKS = {"delivered": "white_check_mark", "read": "eyes", "failed": "warning"}
_UNKNOWN_BLOCKS = ("invalid_blocks", "invalid_blocks_format")
_DONE_ALREADY = ("already_reacted", "message_not_found", "no_reaction", "file_deleted")
Json: TypeAlias = dict[str, Any]
People: TypeAlias = Callable[[], Awaitable[tuple[Person, ...]]]


class WebApi:
    """Our side of the Web API; every call raises `TryLater` or `Refused`."""

    def __init__(self, config: SlackConfig, people: People, clock: Clock) -> None:
        self._config = config
        self._pace = Pace(clock)
        self._people = people
        self._thumbs = True
        self._session: aiohttp.ClientSession | None = None

    async def who(self) -> Workspace:
        """Whose the token is."""
        with mapped_errors():
            found = await self.client().auth_test()
        return Workspace(
            team=str(found["team_id"]), user=str(found["user_id"]), bot=str(found.get("bot_id"))
        )

    async def user(self, user: str) -> Json:
        """The user object."""
        with mapped_errors():
            answer = await self.client().users_info(user=user, include_locale=True)
        found = answer["user"]
        return found if isinstance(found, dict) else {}

    async def status(self, address: Address, words: str) -> None:
        """What stands under a thread while somebody is at work; none where `words` are empty."""
        with mapped_errors():
            await self.client().assistant_threads_setStatus(
                channel_id=address.room, thread_ts=address.thread or "", status=words
            )

    async def say(self, outbound: Outbound, now: datetime) -> str:
        """The platform's id of what was said."""
        with mapped_errors():
            try:
                return await self._said(outbound, now)
            except (Refused, SlackApiError) as exc:
                if not self._thumbs or not _unknown_block(exc):
                    raise
            # Not every Slack knows the newest block: an answer goes before the question about it.
            log.warning("slack_no_thumbs")
            self._thumbs = False
            return await self._said(outbound, now)

    async def rooms(self) -> AsyncIterator[Json]:
        """The channels and direct messages we are in."""
        kinds = "public_channel,private_channel,im"
        async for page in self._pages("users.conversations", types=kinds, exclude_archived="true"):
            for room in page["channels"]:
                yield room

    async def history(self, room: str, since: datetime) -> AsyncIterator[Json]:
        """Messages of a room, newest first; those in threads are not among them."""
        oldest = str(since.timestamp())
        async for page in self._pages("conversations.history", channel=room, oldest=oldest):
            for message in page["messages"]:
                yield message

    async def replies(self, room: str, thread: str, since: datetime) -> AsyncIterator[Json]:
        """Messages of a thread, oldest first; the one that began it is among them."""
        oldest = str(since.timestamp())
        asked = self._pages("conversations.replies", channel=room, ts=thread, oldest=oldest)
        async for page in asked:
            for message in page["messages"]:
                yield message

    async def _pages(self, method: str, **asked: str) -> AsyncIterator[AsyncSlackResponse]:
        """Every page of a list; waits as long as Slack asks for."""
        cursor = ""
        while True:
            try:
                with mapped_errors():
                    params = {**asked, "limit": _PAGE, **({"cursor": cursor} if cursor else {})}
                    page = await self.client().api_call(method, http_verb="GET", params=params)
            except TryLater as exc:
                await asyncio.sleep(exc.after.total_seconds())
                continue
            yield page
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()

    async def _said(self, outbound: Outbound, now: datetime) -> str:
        """Raises what the SDK raises."""
        web, place, target = self.client(), outbound.address, outbound.target
        mark = next((one for one in outbound.parts if isinstance(one, Mark)), None)
        if mark is not None:
            on = outbound.reply_to or ""
            react = web.reactions_add(channel=place.room, timestamp=on, name=_MARKS[mark.state])
            return await _whatever_there_was(react, on)
        if target is not None and not outbound.parts:
            if _is_file(target):
                return await _whatever_there_was(web.files_delete(file=target), target)
            gone = web.chat_delete(channel=place.room, ts=target)
            return await _whatever_there_was(gone, target)
        if target is not None and _is_file(target):  # words over files cannot be changed
            outbound = replace(outbound, target=None, parts=_corrected(outbound.parts))
        if not outbound.parts:
            raise Refused("there is nothing to take back")
        return await self._posted(outbound, now)

    async def _posted(self, outbound: Outbound, now: datetime) -> str:
        place, web = outbound.address, self.client()
        handles = await self._handles(outbound)
        message = message_of(outbound, now=now, handles=handles, thumbs=self._thumbs)
        body: Json = {"channel": place.room, "text": message.text, "blocks": list(message.blocks)}
        if outbound.target is not None:
            await web.chat_update(ts=outbound.target, metadata=message.metadata, **body)
            return outbound.target
        body["thread_ts"] = place.thread
        if message.username is not None:
            body["username"] = message.username
        if outbound.only_for is not None:
            answer = await web.chat_postEphemeral(user=outbound.only_for, **body)
            return str(answer["message_ts"])
        quiet: Json = {"unfurl_links": False, "unfurl_media": False}
        self.admit(outbound)
        try:
            with mapped_errors():
                answer = await web.chat_postMessage(metadata=message.metadata, **quiet, **body)
        except TryLater as exc:
            self._pace.close(place.room, exc.after)
            raise
        return str(answer["ts"])

    async def _handles(self, outbound: Outbound) -> list[str]:
        """The Slack users of the people whom a message calls."""
        if not outbound.mention:
            return []
        here = (NAME, outbound.address.account)
        return [
            place.room
            for person in await self._people()
            if person.id in outbound.mention
            for place in person.addresses
            if (place.channel, place.account) == here
        ]

    def admit(self, outbound: Outbound) -> None:
        """Raises `TryLater` until the message's room may be written to."""
        self._pace.admit(outbound.address.room, outbound.key, urgent=_urgent(outbound))

    def session(self) -> aiohttp.ClientSession:
        """The connections to Slack."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        return self._session

    def client(self) -> AsyncWebClient:
        """The SDK's own; its connections are shared."""
        config = self._config
        return AsyncWebClient(
            token=config.bot_token,
            base_url=config.base_url,
            timeout=_PATIENCE_S,
            session=self.session(),
        )


def _urgent(outbound: Outbound) -> bool:
    """What somebody said, or a card that calls: before what is told of a talk."""
    return outbound.author != "system" or any(isinstance(p, HandoffCard) for p in outbound.parts)


def _unknown_block(exc: Refused | SlackApiError) -> bool:
    found = exc if isinstance(exc, SlackApiError) else exc.__cause__
    return isinstance(found, SlackApiError) and code_of(found) in _UNKNOWN_BLOCKS


def _is_file(target: str) -> bool:
    """Whether an id is that of a file: what was sent with one has no time stamp of its own."""
    return target.startswith("F")


def _corrected(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """New words for old ones that stay."""
    words = "\n".join(part.text for part in parts if isinstance(part, Text))
    return (Text(text=f"Correction: {words}"),)


async def _whatever_there_was(call: Awaitable[AsyncSlackResponse], message_id: str) -> str:
    """The call's end is what counts: what was done already, or is gone, needs no other."""
    try:
        await call
    except SlackApiError as exc:
        if code_of(exc) not in _DONE_ALREADY:
            raise
    return message_id
