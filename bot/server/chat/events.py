"""The lines of an event stream, as the HTML standard defines them (section 9.2)."""

import json

from bot.domain.ports import FeedItem

HELLO = b"retry: 2000\n\n"
# Everything kept has been sent; what follows is new.
READY = b"event: ready\ndata: {}\n\n"
PASSING = ("progress", "draft", "draft_end")


def message(item: FeedItem) -> bytes:
    """Something kept: its id is where a lost connection takes up again."""
    return b"id: %d\nevent: message\n%s\n" % (item.seq, _data(item.body))


def passing(payload: bytes) -> bytes | None:
    """Something that passes; None when the payload only says that the feed has grown."""
    try:
        body = json.loads(payload)
    except ValueError:
        return None
    kind = body.get("type") if isinstance(body, dict) else None
    if kind not in PASSING:
        return None
    return b"event: %s\n%s\n" % (str(kind).encode(), _data(payload))


def _data(body: bytes) -> bytes:
    return b"".join(b"data: %s\n" % line for line in body.splitlines())
