"""Reads what Twilio tells: a message of somebody, or what became of one of ours.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.domain.message import Address, Citation, Media, Part, Pressed, Sender, Sources, Text

SMS, WHATSAPP = "sms", "whatsapp"
_PREFIX = "whatsapp:"
_MOST_MEDIA = 10
_STARTS = frozenset({"start", "unstop"})
Fields: TypeAlias = Mapping[str, str]
STOPS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Words by which, alone in a message, somebody on a phone network opts out; Twilio confirms them.

https://help.twilio.com/articles/223134027
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message. `answered`: Twilio has answered it itself; `consent`: to what it came there.

    What Twilio has not taken for such a word may be one all the same: others hear that.
    """

    sid: str
    address: Address
    sender: Sender
    parts: tuple[Part, ...]
    answered: bool = False
    consent: Literal["stopped", "started"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """The state of a message that we have sent, and Twilio's code for what went wrong."""

    sid: str
    address: Address
    state: str
    code: int | None = None


def read(fields: Fields, service: str | None = None) -> Said | Became:
    """What was told; `service` is the Messaging Service that stands for our number.

    Raises `KeyError` or `ValueError` for what Twilio does not document.
    """
    if "MessageStatus" in fields:
        ours, theirs = fields["From"], fields["To"]
        code = fields.get("ErrorCode") or ""
        return Became(
            sid=_given(fields, "MessageSid"),
            address=_address(ours, theirs, service),
            state=fields["MessageStatus"],
            code=int(code) if code else None,
        )
    return _said(fields, service)


def _said(fields: Fields, service: str | None) -> Said:
    address = _address(_given(fields, "To"), _given(fields, "From"), service)
    kind = fields.get("OptOutType", "").upper()
    word = fields.get("Body", "").strip().casefold()
    # Twilio confirms these by itself: on SMS always, on WhatsApp where it says so.
    alone = word if address.channel == SMS else ""
    return Said(
        sid=_given(fields, "MessageSid"),
        address=address,
        sender=Sender(handle=address.room, name=fields.get("ProfileName") or None),
        parts=_parts(fields),
        answered=bool(kind) or alone in (*STOPS, *_STARTS, "help", "info"),
        consent=_consent(kind, word, alone),
    )


def _consent(kind: str, word: str, alone: str) -> Literal["stopped", "started"] | None:
    if kind == "STOP" or alone in STOPS:
        return "stopped"
    # To Twilio a "yes" opens the number again; as an answer to something it is no wish for more.
    if (kind == "START" and word != "yes") or alone in _STARTS:
        return "started"
    return None


def _given(fields: Fields, name: str) -> str:
    if not fields[name]:
        raise ValueError(name)
    return fields[name]


def _address(ours: str, theirs: str, service: str | None) -> Address:
    channel = WHATSAPP if theirs.startswith(_PREFIX) else SMS
    account = service or ours.removeprefix(_PREFIX)
    return Address(channel=channel, account=account, room=theirs.removeprefix(_PREFIX))


def _parts(fields: Fields) -> tuple[Part, ...]:
    body = fields.get("Body", "").strip()
    pressed = fields.get("ButtonPayload") or fields.get("ListId")
    if pressed:
        label = fields.get("ButtonText") or fields.get("ListTitle") or body or None
        return (Pressed(value=pressed, label=label),)
    if fields.get("MessageType") == "reaction":
        return ()  # a sign under a message of ours: nothing to answer
    words = "\n".join(one for one in (body, _place(fields), _form(fields)) if one)
    return (*((Text(text=words),) if words else ()), *_media(fields), *_referral(fields))


def _form(fields: Fields) -> str:
    """What was filled in on a form of WhatsApp's, a line a field."""
    try:
        found = json.loads(fields.get("FlowData") or "{}")
    except ValueError:
        return ""
    rows = found.items() if isinstance(found, dict) else ()
    return "\n".join(f"{name}: {value}" for name, value in rows if isinstance(value, str | int))


def _referral(fields: Fields) -> tuple[Sources, ...]:
    """The advertisement that they came by: for people to see, not for the bot to answer."""
    headline = fields.get("ReferralHeadline") or fields.get("ReferralBody")
    if not headline:
        return ()
    url = fields.get("ReferralSourceUrl") or None
    return (Sources(items=(Citation(article="", title=f"came by: {headline}", url=url),)),)


def _place(fields: Fields) -> str:
    """A shared location in words, with a link to a map."""
    if not (fields.get("Latitude") and fields.get("Longitude")):
        return ""
    where = f"{float(fields['Latitude'])},{float(fields['Longitude'])}"
    named = ", ".join(fields[one] for one in ("Label", "Address") if fields.get(one))
    return f"(location: {named or where} https://maps.google.com/?q={where})"


def _media(fields: Fields) -> tuple[Media, ...]:
    """Files as Twilio keeps them: their addresses open with the account's secret alone."""
    count = min(int(fields.get("NumMedia") or 0), _MOST_MEDIA)
    return tuple(
        Media(
            url=fields[f"MediaUrl{number}"],
            mime=fields.get(f"MediaContentType{number}") or "application/octet-stream",
            name=f"file {number + 1}",
        )
        for number in range(count)
        if fields.get(f"MediaUrl{number}")
    )
