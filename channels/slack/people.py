"""Who Slack's users are, remembered for a while, so that a message seldom has to ask."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.domain.errors import ChannelError
from bot.domain.message import Sender
from bot.domain.ports import Clock

Ask: TypeAlias = Callable[[str], Awaitable[dict[str, Any]]]
"""The `user` of `users.info`. Raises `ChannelError`."""
_KEPT, _UNKNOWN_KEPT = timedelta(hours=1), timedelta(minutes=1)
_MOST, _AT_ONCE = 20_000, 10
_PATIENCE_S = 1.0
"""Slack wants its event answered within three seconds: a name is worth one of them."""


class Profiles:
    """Names, languages and time zones by user id; who cannot be looked up has none."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._known: OrderedDict[str, tuple[datetime, Sender]] = OrderedDict()

    async def sender(self, user: str) -> Sender:
        """Never raises: a message counts more than the name of who wrote it."""
        now = self._clock.now()
        until, sender = self._known.get(user, (now, None))
        if sender is not None and now < until:
            return sender
        found = await self._asked(user)
        self._known[user] = (now + (_KEPT if found.name else _UNKNOWN_KEPT), found)
        self._known.move_to_end(user)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found

    async def senders(self, users: Collection[str]) -> dict[str, Sender]:
        """Several, asked for at the same time: together they are worth no more than one."""
        some = list(users)[:_AT_ONCE]
        found = await asyncio.gather(*(self.sender(one) for one in some))
        return dict(zip(some, found, strict=True))

    async def _asked(self, user: str) -> Sender:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return sender_of(user, await self._ask(user))
        except (ChannelError, TimeoutError):
            return Sender(handle=user)


def sender_of(user: str, found: dict[str, Any]) -> Sender:
    """What a user object tells: https://docs.slack.dev/reference/objects/user-object ."""
    profile = found.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), found.get("name"))
    return Sender(
        handle=user,
        name=next((one for one in names if one), None),
        locale=found.get("locale"),
        zone=found.get("tz"),
        email=profile.get("email"),
    )
