"""What was written while nobody of ours listened, read from Slack's own history.

Slack tries an event again for some minutes, then gives it up. A message has the same key here as in
its event, so what came both ways is one. https://docs.slack.dev/reference/methods/conversations.history
"""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.domain.errors import Refused
from channels.slack.posting import WebApi

log = logging.getLogger("careline.slack")
Json: TypeAlias = dict[str, Any]
THREADS = timedelta(days=1)
"""Answers are looked for in threads that began so long before the gap at most."""


async def missed(web: WebApi, since: datetime) -> AsyncIterator[Json]:
    """`message` events since a moment, oldest first in each room.

    A room that cannot be read is left out, and told of. Raises `ChannelError` where Slack is away.
    """
    async for room in web.rooms():
        try:
            async for event in _of_room(web, room, since):
                yield event
        except Refused as exc:
            log.warning("slack_unreadable", extra={"error": exc.reason})


async def _of_room(web: WebApi, room: Json, since: datetime) -> AsyncIterator[Json]:
    after = since.timestamp()
    kind = "im" if room.get("is_im") else "channel"
    found = [one async for one in web.history(room["id"], since - THREADS)]
    for message in reversed(found):
        if float(message["ts"]) > after:
            yield _event(message, room, kind)
        if float(message.get("latest_reply") or 0) > after:
            async for reply in web.replies(room["id"], message["ts"], since):
                if reply["ts"] != message["ts"]:
                    yield _event(reply, room, kind)


def _event(message: Json, room: Json, kind: str) -> Json:
    return {**message, "type": "message", "channel": room["id"], "channel_type": kind}
