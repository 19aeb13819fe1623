"""What was said, as Slack's history tells it: pages of two, threads apart from the channel."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
_PAGE = 2


def history(here: list[Json], body: Json) -> Json:
    """Newest first, a page of two; what is in a thread shows at the message that began it."""
    tops = [_with_replies(m, here) for m in here if m.get("thread_ts") in (None, m["ts"])]
    found = sorted((m for m in tops if _after(m, body)), key=_stamp, reverse=True)
    at = int(body.get("cursor") or 0)
    more = str(at + _PAGE) if len(found) > at + _PAGE else ""
    return {"messages": found[at : at + _PAGE], "response_metadata": {"next_cursor": more}}


def replies(here: list[Json], body: Json) -> Json:
    """A thread, oldest first, after the message that began it."""
    found = [m for m in here if m.get("thread_ts") == body["ts"] and _after(m, body)]
    first = [m for m in here if m["ts"] == body["ts"]]
    return {"messages": first + sorted(found, key=_stamp), "response_metadata": {}}


def _with_replies(message: Json, here: list[Json]) -> Json:
    stamps = [m["ts"] for m in here if m.get("thread_ts") == message["ts"] != m["ts"]]
    return {**message, "latest_reply": max(stamps, key=float)} if stamps else message


def _stamp(message: Json) -> float:
    return float(message["ts"])


def _after(message: Json, body: Json) -> bool:
    return _stamp(message) > float(body.get("oldest") or 0)
