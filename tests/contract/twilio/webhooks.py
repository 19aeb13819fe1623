"""Requests as Twilio makes them, signed by its own library."""

from collections.abc import Mapping
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bot.domain.ports import Request

ACCOUNT, TOKEN = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"
OURS, THEIRS = "+15005550006", "+14155550101"
PUBLIC = "https://care.example"


def message(
    body: str,
    *,
    sid: str = "SM" + "1" * 32,
    theirs: str = THEIRS,
    whatsapp: bool = False,
    **more: str,
) -> dict[str, str]:
    """The parameters of a customer's message."""
    prefix = "whatsapp:" if whatsapp else ""
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "Body": body,
        "From": prefix + theirs,
        "MessageSid": sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": prefix + OURS,
        **({"ProfileName": "Ann", "WaId": theirs.removeprefix("+")} if whatsapp else {}),
        **more,
    }


def status(
    sid: str, state: str, *, code: int | None = None, whatsapp: bool = False, theirs: str = THEIRS
) -> dict[str, str]:
    """The parameters of a status callback."""
    prefix = "whatsapp:" if whatsapp else ""
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": prefix + OURS,
        "MessageSid": sid,
        "MessageStatus": state,
        "SmsSid": sid,
        "SmsStatus": state,
        "To": prefix + theirs,
        **({"ErrorCode": str(code)} if code else {}),
    }


def signed(url: str, fields: Mapping[str, str], token: str = TOKEN) -> dict[str, str]:
    """The headers of a form."""
    signature = RequestValidator(token).compute_signature(url, fields)
    return {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "x-twilio-signature": signature,
    }


def request(
    fields: Mapping[str, str], *, path: str = "/twilio/messages", token: str = TOKEN
) -> Request:
    """A request as it comes through a proxy: its own address is not the public one."""
    return Request(
        method="POST",
        url=f"http://127.0.0.1:8080{path}",
        headers=signed(PUBLIC + path, fields, token),
        body=urlencode(fields).encode(),
    )
