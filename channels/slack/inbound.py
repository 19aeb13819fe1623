"""Reads what Slack tells: which message, by whom, where. Nothing is asked of anybody here.

https://docs.slack.dev/reference/events/message
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from bot.domain.feedback import DOWN, UP, feedback_of
from bot.domain.message import Address, InboundKind
from channels.slack.reading import mentioned

NAME = "slack"
Json: TypeAlias = dict[str, Any]
_SPOKEN = (None, "file_share", "thread_broadcast", "me_message")
"""The subtypes of messages that somebody wrote; all others tell of something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Who we are there: the workspace, our user and our bot."""

    team: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that was written, edited or deleted.

    `addressed`: it is meant for us, since it was said to us alone or names us.
    `follows`: it belongs to a thread.
    """

    key: str
    address: Address
    user: str
    message: Json
    sent_at: datetime
    message_id: str
    addressed: bool
    follows: bool
    kind: InboundKind = "message"
    changes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that was pressed under one of our messages."""

    key: str
    address: Address
    user: str
    value: str
    label: str | None
    sent_at: datetime


def said_in(event: Json, me: Workspace) -> Said | None:
    """The message an event tells of; None where it is not for a person's ears.

    Raises `KeyError`, `TypeError` or `ValueError` for what Slack does not document.
    """
    subtype = event.get("subtype")
    if subtype == "message_changed":
        return _changed(event, event["message"], me)
    if subtype == "message_deleted":
        gone = event.get("previous_message")
        return _deleted(event, gone, me) if isinstance(gone, dict) else None
    if subtype not in _SPOKEN or not _by_somebody(event, me):
        return None
    return _said(event, event, me)


def press_in(body: Json, me: Workspace) -> Press | None:
    """The button an interaction tells of; None for links and other elements.

    Raises `KeyError`, `TypeError` or `ValueError` for what Slack does not document.
    """
    action = body["actions"][0]
    if not action.get("value"):
        return None
    message, container = body.get("message") or {}, body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container["channel_id"]
    ts = message.get("ts") or container["message_ts"]
    thread = message.get("thread_ts") or container.get("thread_ts")
    user = body["user"]["id"]
    said = feedback_of(str(action["value"]))
    mark = f"press:{user}:{action['action_id']}:{action['action_ts']}"
    if said is not None:  # said once, however often it is clicked
        mark = f"feedback:{user}:{said.value()}"
    return Press(
        key=f"{_key(me, channel, ts)}:{mark}",
        address=_address(me, channel, thread, ts),
        user=user,
        value=str(action["value"]),
        label=(UP if said.useful else DOWN) if said else (action.get("text") or {}).get("text"),
        sent_at=_moment(action["action_ts"]),
    )


def _changed(event: Json, message: Json, me: Workspace) -> Said | None:
    """An edit has a mark of its own; unfurled links and new replies change a message, too."""
    before = event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":  # deleted, and others have answered below it
        return _deleted(event, before, me)
    edited = message.get("edited")
    if not edited or message.get("text") == before.get("text") or not _by_somebody(message, me):
        return None
    stamp = edited["ts"]
    return _said(event, message, me, kind="edited", stamp=str(stamp))


def _deleted(event: Json, gone: Json, me: Workspace) -> Said | None:
    if not gone or not _by_somebody(gone, me):
        return None
    stamp = event.get("event_ts") or event["ts"]
    return _said(event, gone, me, kind="deleted", stamp=str(stamp))


def _said(
    event: Json, message: Json, me: Workspace, *, kind: InboundKind = "message", stamp: str = ""
) -> Said:
    channel, ts = event["channel"], message["ts"]
    thread = message.get("thread_ts")
    _as_documented(message, channel, ts, thread)
    first = _key(me, channel, ts)
    named = event.get("type") == "app_mention" or me.user in mentioned(message)
    return Said(
        key=f"{first}:{kind}:{stamp}" if stamp else first,
        address=_address(me, channel, thread, ts),
        user=message["user"],
        message=message,
        sent_at=_moment(stamp or ts),
        message_id=ts,
        addressed=is_direct(channel) or named,
        follows=thread is not None,
        kind=kind,
        changes=first if stamp else None,
    )


def _as_documented(message: Json, channel: object, ts: object, thread: object) -> None:
    """Raises `TypeError` where a name is no name or a list no list."""
    names = (channel, ts, message["user"], thread or "", message.get("text") or "")
    lists = (message.get(key) or [] for key in ("files", "blocks", "attachments"))
    if not all(isinstance(one, str) for one in names):
        raise TypeError("a name is no text")
    if not all(isinstance(one, list) for one in lists):
        raise TypeError("a list is none")


def _by_somebody(message: Json, me: Workspace) -> bool:
    """Neither we, nor another bot, nor a workflow: answering those could go on for ever."""
    user = message.get("user")
    return bool(user) and user not in (me.user, "USLACKBOT") and not message.get("bot_id")


def _key(me: Workspace, channel: str, ts: str) -> str:
    """A message's identity: one that names us is told of twice, as what it is and as a mention."""
    return f"{NAME}:{me.team}:{channel}:{ts}"


def _address(me: Workspace, channel: str, thread: str | None, ts: str) -> Address:
    """In a channel a talk is a thread, begun by its first message; said to us alone, it is all."""
    place = thread or (None if is_direct(channel) else ts)
    return Address(channel=NAME, account=me.team, room=str(channel), thread=place)


def is_direct(channel: str) -> bool:
    """Whether it is a direct message with us alone."""
    return channel.startswith("D")


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
