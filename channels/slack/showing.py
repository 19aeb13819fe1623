"""Calls that show something beside messages: the App Home, and what stands in the assistant panel.

https://docs.slack.dev/ai/developing-ai-apps
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from channels.slack.errors import mapped_errors

Json: TypeAlias = dict[str, Any]
_TITLE, _LOOKED_AT = 80, 20
_MOST = 20_000


class Showing:
    """Each call raises `TryLater` or `Refused`."""

    def __init__(self, client: Callable[[], AsyncWebClient]) -> None:
        self._client = client
        self._direct: OrderedDict[str, str] = OrderedDict()

    async def direct(self, user: str) -> str:
        """The direct message with somebody; it stays the same, and is asked for once."""
        known = self._direct.get(user)
        if known is None:
            with mapped_errors():
                answer = await self._client().conversations_open(users=user)
            known = self._direct[user] = str(answer["channel"]["id"])
            if len(self._direct) > _MOST:
                self._direct.popitem(last=False)
        return known

    async def publish(self, user: str, view: Json) -> None:
        """What somebody sees in the Home tab."""
        with mapped_errors():
            await self._client().views_publish(user_id=user, view=view)

    async def prompts(self, room: str, thread: str, questions: Sequence[str]) -> None:
        """Questions that are asked with a click."""
        offered = [{"title": one, "message": one} for one in questions]
        with mapped_errors():
            await self._client().assistant_threads_setSuggestedPrompts(
                channel_id=room, thread_ts=thread, prompts=offered
            )

    async def first_words(self, room: str, thread: str) -> str | None:
        """What a person said first in a thread."""
        with mapped_errors():
            answer = await self._client().conversations_replies(
                channel=room, ts=thread, limit=_LOOKED_AT
            )
        found = (m for m in answer["messages"] if m.get("user") and not m.get("bot_id"))
        return next((str(m["text"]) for m in found if m.get("text")), None)

    async def title(self, room: str, thread: str, words: str) -> None:
        """What a thread is called in the list of somebody's talks with us."""
        with mapped_errors():
            await self._client().assistant_threads_setTitle(
                channel_id=room, thread_ts=thread, title=" ".join(words.split())[:_TITLE]
            )
