"""A draft that grows in a thread of a direct message, and goes before the answer comes.

https://docs.slack.dev/reference/methods/chat.startStream
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import CarelineError, ChannelError
from bot.domain.message import Address
from channels.slack.errors import mapped_errors

Holds: TypeAlias = Callable[[], Awaitable[bool]]
"""Whether the bot still holds the conversation as it did when the draft was opened."""


class SlackDraft:
    """Begins with its first sentence: a writer that says nothing shows nothing.

    What Slack refuses is left out: the answer follows as a message in any case.
    """

    def __init__(
        self, client: Callable[[], AsyncWebClient], address: Address, holds: Holds
    ) -> None:
        self._client = client
        self._room = address.room
        self._thread = address.thread or ""
        self._holds = holds
        self._ts: str | None = None

    async def append(self, sentence: str) -> bool:
        # Looked at on both sides of the call: Slack is too slow to keep a claim waiting for it.
        if not await self._held():
            return False
        with suppress(ChannelError), mapped_errors():
            await self._shown(sentence)
        return await self._held()

    async def finish(self) -> None:
        await self._taken_away()

    async def abandon(self) -> None:
        await self._taken_away()

    async def _held(self) -> bool:
        """A database that is away is no reason to go on writing."""
        try:
            held = await self._holds()
        except CarelineError:
            held = False
        if not held:
            await self._taken_away()
        return held

    async def _shown(self, sentence: str) -> None:
        if self._ts is None:
            answer = await self._client().chat_startStream(
                channel=self._room, thread_ts=self._thread, markdown_text=sentence
            )
            self._ts = str(answer["ts"])
        else:
            await self._client().chat_appendStream(
                channel=self._room, ts=self._ts, markdown_text=f" {sentence}"
            )

    async def _taken_away(self) -> None:
        ts, self._ts = self._ts, None
        if ts is None:
            return
        with suppress(ChannelError), mapped_errors():
            await self._client().chat_stopStream(channel=self._room, ts=ts)
        with suppress(ChannelError), mapped_errors():
            await self._client().chat_delete(channel=self._room, ts=ts)
