"""Reads an activity into an `Inbound`, or into nothing where nobody said anything to us."""

import hashlib
import html
import mimetypes
import re
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from bot.domain.feedback import DOWN, UP, Feedback
from bot.domain.forms import form_of
from bot.domain.message import Address, Inbound, InboundKind, Media, Part, Pressed, Sender, Text
from channels.teams.activity import Activity, Attachment
from channels.teams.thumbs import Thumb

CHANNEL = "teams"
PRESSED = "careline"
"""The key of our buttons' data."""
WORDS, ONCE = "words", "once"
"""What was written into the box of a card, and which showing of it that was."""
_THREAD = ";messageid="
_FILE = "application/vnd.microsoft.teams.file.download.info"
_AT = re.compile(r"<at[^>]*>(.*?)</at>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/li)[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")
LONGEST_TEXT = 12_000


def address_of(activity: Activity, tenant: str) -> Address:
    """Where it was said."""
    room, _, thread = activity.conversation.id.partition(_THREAD)
    account = activity.tenant() or tenant
    return Address(channel=CHANNEL, account=account, room=room, thread=thread or None)


def talk_of(address: Address) -> str:
    """The connector's id of the conversation at an address."""
    return address.room + (f"{_THREAD}{address.thread}" if address.thread else "")


def parse(activity: Activity, tenant: str, *, now: datetime) -> Inbound | None:
    """One event; None for what the bot did itself, and for what says nothing."""
    read = _READ.get(activity.type)
    return _event(activity, tenant, now, read(activity)) if read else None


def rated(
    activity: Activity, thumb: Thumb, article: str, tenant: str, *, now: datetime
) -> Inbound | None:
    """A thumb under the answer from an article: said once, however often it is clicked."""
    said = Feedback(useful=thumb.useful, article=article)
    who = activity.from_.handle() if activity.from_ else ""
    key = f"{CHANNEL}:{activity.conversation.id}:{thumb.message}:{who}:{said.value()}"
    parts: tuple[Part, ...] = (
        Pressed(value=said.value(), label=UP if said.useful else DOWN),
        *((Text(text=thumb.words),) if thumb.words else ()),
    )
    return _event(activity, tenant, now, ("pressed", parts, key, None))


def _event(activity: Activity, tenant: str, now: datetime, shape: "_Shape") -> Inbound | None:
    person, me = activity.from_, activity.recipient
    kind, parts, key, changes = shape
    if kind is None or person is None or (me is not None and person.id == me.id):
        return None
    return Inbound(
        key=key,
        trace=secrets.token_hex(16),
        address=address_of(activity, tenant),
        sender=Sender(
            handle=person.handle(),
            name=person.name,
            locale=activity.locale,
            zone=activity.local_timezone,
        ),
        parts=parts,
        sent_at=_moment(activity, now),
        kind=kind,
        message_id=activity.id,
        changes=changes,
    )


_Shape = tuple[InboundKind | None, tuple[Part, ...], str, str | None]
_NOTHING: _Shape = (None, (), "", None)


def _message(activity: Activity) -> _Shape:
    pressed = pressed_in(activity.value)
    if pressed is not None:
        return "pressed", _with_words(pressed, activity.value), key_of(activity), None
    parts = _said(activity)
    return ("message", parts, key_of(activity), None) if parts else _NOTHING


def _edited(activity: Activity) -> _Shape:
    parts = _said(activity)
    when = activity.timestamp.isoformat() if activity.timestamp else ""
    key = key_of(activity)
    return ("edited", parts, f"{key}:edited:{when}", key) if parts else _NOTHING


def _deleted(activity: Activity) -> _Shape:
    key = key_of(activity)
    return "deleted", (), f"{key}:deleted", key


def _invoked(activity: Activity) -> _Shape:
    """A press of an Action.Execute; its key does not depend on the id, which re-sends may change.

    https://github.com/microsoft/botbuilder-dotnet/issues/5005
    """
    pressed = execution_of(activity)
    if pressed is None or activity.from_ is None:
        return _NOTHING
    data = _data(activity.value)
    parts = _with_words(pressed, data)
    key = f"{CHANNEL}:press:{activity.from_.handle()}:{pressed.value}:{data.get('at', '')}"
    if form_of(pressed.value) is not None:
        words = "".join(part.text for part in parts if isinstance(part, Text))
        digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
        key = f"{key}:{str(data.get(ONCE, ''))[:32]}:{digest}"
    return "pressed", parts, key, None


def _with_words(pressed: Pressed, data: dict[str, Any]) -> tuple[Part, ...]:
    """A press, and what was written into the box beside it, if the button takes words."""
    form = form_of(pressed.value)
    if form is None or form.kind not in ("say", "keep"):
        return (pressed,)
    words = data.get(WORDS)
    said = words.strip()[:LONGEST_TEXT] if isinstance(words, str) else ""
    return (Pressed(value=pressed.value), *((Text(text=said),) if said else ()))


def _installed(activity: Activity) -> _Shape:
    if activity.action not in ("add", "add-upgrade"):
        return _NOTHING
    return "joined", (), f"{key_of(activity)}:joined", None


_READ = {
    "message": _message,
    "messageUpdate": _edited,
    "messageDelete": _deleted,
    "invoke": _invoked,
    "installationUpdate": _installed,
}


def key_of(activity: Activity) -> str:
    """The platform's identity of a message."""
    return f"{CHANNEL}:{activity.conversation.id}:{activity.id or secrets.token_hex(8)}"


def execution_of(activity: Activity) -> Pressed | None:
    """The button of a card that asks for an answer, if the activity is one's press."""
    is_press = activity.type == "invoke" and activity.name == "adaptiveCard/action"
    return pressed_in(_data(activity.value)) if is_press else None


def pressed_in(value: object) -> Pressed | None:
    """Our button in the data of a press."""
    found = value.get(PRESSED) if isinstance(value, dict) else None
    label = value.get("label") if isinstance(value, dict) else None
    if not isinstance(found, str) or not 0 < len(found) <= 500:  # noqa: PLR2004  as on the web
        return None
    return Pressed(value=found, label=label[:200] if isinstance(label, str) else None)


def _data(value: object) -> dict[str, Any]:
    action = value.get("action") if isinstance(value, dict) else None
    data = action.get("data") if isinstance(action, dict) else None
    return data if isinstance(data, dict) else {}


def _said(activity: Activity) -> tuple[Part, ...]:
    words = _words(activity)[:LONGEST_TEXT]
    files = (_file(one) for one in activity.attachments or ())
    return (*((Text(text=words),) if words else ()), *(one for one in files if one is not None))


def _words(activity: Activity) -> str:
    """What was said, without the call of the bot; other people's names stay."""
    text, marked = activity.text or "", activity.text_format == "xml"
    if not text.strip():
        whole = (a.content for a in activity.attachments or () if a.content_type == "text/html")
        text, marked = next((one for one in whole if isinstance(one, str)), ""), True
    me = activity.recipient.id if activity.recipient else None
    for entity in activity.entities or ():
        if entity.type == "mention" and entity.mentioned is not None and entity.text:
            name = "" if entity.mentioned.id == me else entity.mentioned.name or ""
            text = text.replace(entity.text, name)
    text = _AT.sub(r"\1", text)
    if marked:
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return text.replace("&nbsp;", " ").replace("\xa0", " ").replace("\r\n", "\n").strip()


def _file(attachment: Attachment) -> Media | None:
    content = attachment.content if isinstance(attachment.content, dict) else {}
    kind = attachment.content_type.split(";")[0].strip().lower()
    if kind == _FILE and isinstance(content.get("downloadUrl"), str):
        name = attachment.name or "file"
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Media(url=content["downloadUrl"], mime=mime, name=name)
    if kind.startswith(("image/", "audio/", "video/")) and attachment.content_url:
        mime = "image/png" if kind == "image/*" else kind
        name = attachment.name or unquote(attachment.content_url.rsplit("/", 1)[-1])[:100]
        return Media(url=attachment.content_url, mime=mime, name=name or "picture")
    return None


def _moment(activity: Activity, now: datetime) -> datetime:
    told = activity.timestamp
    return told if told is not None and told.utcoffset() is not None else now
