"""Proof that a request is Twilio's. https://www.twilio.com/docs/usage/webhooks/webhooks-security."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bot.domain.errors import NotAuthentic
from bot.domain.ports import Request

_HEADER, _BODY_HASH = "x-twilio-signature", "bodySHA256"
Form = MultiDict[str]


def prove(request: Request, token: str, public_url: str) -> None:
    """Raises `NotAuthentic`: signed by somebody else, for another address, or not at all.

    The address that was signed is the public one. Headers in which a proxy tells of it are not
    looked at: anybody could write those.
    """
    try:
        proven = bool(token) and _proven(request, token, public_url)
    except (UnicodeError, ValueError):
        proven = False
    if not proven:
        raise NotAuthentic("Twilio's signature is not valid")


def form_of(body: bytes) -> Form:
    """The parameters of a form, repeated ones among them. Raises `ValueError`."""
    return MultiDict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))


def is_json(request: Request) -> bool:
    """Whether the body is JSON; all else is a form."""
    return request.headers.get("content-type", "").partition(";")[0].strip().endswith("json")


def _proven(request: Request, token: str, public_url: str) -> bool:
    asked = urlsplit(request.url)
    url = public_url + asked.path + (f"?{asked.query}" if asked.query else "")
    signature = request.headers.get(_HEADER, "")
    validator = RequestValidator(token)
    if not is_json(request):
        return bool(validator.validate(url, form_of(request.body), signature))
    # The body of JSON is signed by its hash alone: without one anything could stand in it.
    if not parse_qs(asked.query).get(_BODY_HASH):
        return False
    return bool(validator.validate(url, request.body.decode(), signature))
