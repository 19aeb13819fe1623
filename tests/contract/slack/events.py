"""Writes what Slack sends: events, interactions, and the signature over them."""

import hashlib
import hmac
import itertools
import json
from typing import Any, TypeAlias
from urllib.parse import urlencode

Json: TypeAlias = dict[str, Any]
TEAM, BOT_USER, BOT_ID = "T0CARE", "U0BOT", "B0BOT"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105  the double's
_count = itertools.count(1)


def signed(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    """The headers that prove a body. https://docs.slack.dev/authentication/verifying-requests."""
    stamp = str(int(at))
    base = b":".join((b"v0", stamp.encode(), body))
    proof = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    kind = "application/json" if body[:1] == b"{" else "application/x-www-form-urlencoded"
    return {
        "content-type": kind,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={proof}",
    }


def envelope(
    event: Json,
    event_id: str | None = None,
    *,
    team: str = TEAM,
    organisation: str | None = None,
) -> Json:
    """An `event_callback`."""
    return {
        "token": "deprecated",
        "team_id": team,
        "enterprise_id": organisation,
        "api_app_id": "A0CARE",
        "event": event,
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_count):08}",
        "event_time": int(float(event.get("event_ts") or event.get("ts") or 0)),
        "authorizations": [
            {"enterprise_id": organisation, "team_id": team, "user_id": BOT_USER, "is_bot": True}
        ],
    }


def message(
    text: str,
    *,
    user: str = "U0ANN",
    channel: str = "D0ANN",
    ts: str = "1772442000.000100",
    thread: str | None = None,
    **more: object,
) -> Json:
    """A `message` event."""
    made: Json = {
        "type": "message",
        "user": user,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "channel": channel,
        "channel_type": "im" if channel.startswith("D") else "channel",
        "team": TEAM,
        **more,
    }
    return made | ({"thread_ts": thread} if thread is not None else {})


def changed(before: Json, text: str, at: str) -> Json:
    """`before` edited."""
    kept = {k: v for k, v in before.items() if k not in ("channel", "channel_type", "event_ts")}
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": before["channel"],
        "channel_type": before["channel_type"],
        "ts": at,
        "event_ts": at,
        "message": {**kept, "text": text, "edited": {"user": before["user"], "ts": at}},
        "previous_message": kept,
    }


def deleted(before: Json, at: str) -> Json:
    """`before` deleted."""
    kept = {k: v for k, v in before.items() if k not in ("channel", "channel_type", "event_ts")}
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": before["channel"],
        "channel_type": before["channel_type"],
        "ts": at,
        "event_ts": at,
        "deleted_ts": before["ts"],
        "previous_message": kept,
    }


def press(
    button: Json, on: Json, *, user: str, at: str = "1772442100.000200", trigger: str = "1.2.3"
) -> Json:
    """Somebody presses a button under a message, as the double shows it."""
    where = {"channel_id": on["channel"], "message_ts": on["ts"]}
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "care"},
        "user": {"id": user, "team_id": TEAM},
        "api_app_id": "A0CARE",
        "container": {"type": "message", **where, "thread_ts": on.get("thread_ts")},
        "trigger_id": trigger,
        "channel": {"id": on["channel"], "name": "x"},
        "message": {key: on[key] for key in ("ts", "thread_ts", "text") if on.get(key)},
        "actions": [{**button, "block_id": "b1", "action_ts": at}],
    }


def command(text: str, *, user: str) -> Json:
    """The fields of `/careline`."""
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "team_domain": "care",
        "channel_id": "C0HELP",
        "channel_name": "help",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/careline",
        "text": text,
        "api_app_id": "A0CARE",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0CARE/1/abc",
        "trigger_id": f"13345224609.738474920.{next(_count)}",
    }


def home_opened(user: str, channel: str, tab: str = "home") -> Json:
    """Somebody opens one of the app's tabs."""
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "event_ts": "1772442000.000100",
        "tab": tab,
    }


def assistant_started(user: str, channel: str, thread: str) -> Json:
    """Somebody opens the assistant panel."""
    began = {"user_id": user, "context": {"channel_id": "C0HELP", "team_id": TEAM}}
    return {
        "type": "assistant_thread_started",
        "assistant_thread": {**began, "channel_id": channel, "thread_ts": thread},
        "event_ts": thread,
    }


def submitted(view: Json, words: str | None, *, user: str) -> Json:
    """Somebody sends a form, as the double shows it."""
    block = view["blocks"][0]
    field = {"type": "plain_text_input", "value": words}
    state = {"values": {block["block_id"]: {block["element"]["action_id"]: field}}}
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "care"},
        "user": {"id": user, "team_id": TEAM},
        "api_app_id": "A0CARE",
        "trigger_id": "1.2.4",
        "view": {**view, "team_id": TEAM, "state": state, "hash": "156772938.1827394"},
        "response_urls": [],
    }


def form(payload: Json) -> bytes:
    """An interaction as it comes by HTTP."""
    return urlencode({"payload": json.dumps(payload)}).encode()
