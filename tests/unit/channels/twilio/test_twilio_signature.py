"""Who is believed: twilio's own validator signs, and a table says what holds."""

import hashlib
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bot.domain.errors import NotAuthentic
from bot.domain.ports import Request
from channels.twilio.signature import prove
from tests.contract.twilio.webhooks import PUBLIC, TOKEN, message, request, signed

GENUINE = request(message("Grüße & 100 % + mehr 🙂", whatsapp=True))
JSON = b'{"MessageSid": "SM1"}'


def by_json(body: bytes = JSON, *, hashed: bytes | None = JSON) -> Request:
    query = f"?bodySHA256={hashlib.sha256(hashed).hexdigest()}" if hashed is not None else ""
    path = f"/twilio/messages{query}"
    headers = signed(PUBLIC + path, {}) | {"content-type": "application/json"}
    return Request(method="POST", url=f"http://10.0.0.1{path}", headers=headers, body=body)


def repeated() -> Request:
    several = MultiDict([("MediaUrl", "a"), ("MediaUrl", "b"), ("Body", "")])
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/messages", several)
    headers = {**GENUINE.headers, "x-twilio-signature": signature}
    return replace(GENUINE, headers=headers, body=urlencode(list(several.items())).encode())


BELIEVED = {
    "a form": GENUINE,
    "an empty form": request({}),
    "a parameter nobody documents": request(message("x", Surprise="yes")),
    "an empty parameter": request(message("")),
    "a repeated parameter": repeated(),
    "another host, as behind a proxy": replace(GENUINE, url="https://inner/twilio/messages"),
    "JSON by its hash": by_json(),
    "a query": request(message("x"), path="/twilio/status?row=1"),
}
REFUSED = {
    "no signature": replace(GENUINE, headers={}),
    "another secret": request(message("x"), token="f" * 32),
    "another path": replace(GENUINE, url=f"{PUBLIC}/twilio/status"),
    "a query more": replace(GENUINE, url=GENUINE.url + "?a=b"),
    "a parameter more": replace(GENUINE, body=GENUINE.body + b"&More=1"),
    "a parameter twice": replace(GENUINE, body=GENUINE.body + b"&Body=other"),
    "a parameter less": replace(GENUINE, body=GENUINE.body.partition(b"&")[2]),
    "words changed": replace(GENUINE, body=GENUINE.body.replace(b"100", b"900")),
    "JSON changed": by_json(b'{"MessageSid": "SM2"}'),
    "JSON without its hash": by_json(hashed=None),
    "no text": replace(GENUINE, body=b"\xff\xfe"),
    "signed for the inner host": replace(
        GENUINE, headers=signed("http://127.0.0.1:8080/twilio/messages", message("x"))
    ),
    "a proxy's word for the host": replace(
        request(message("x")),
        headers=signed("https://evil.example/twilio/messages", message("x"))
        | {"x-forwarded-host": "evil.example", "host": "evil.example"},
    ),
}


@pytest.mark.parametrize("asked", BELIEVED.values(), ids=BELIEVED.keys())
def test_what_twilio_signed_is_believed(asked: Request):
    prove(asked, TOKEN, PUBLIC)


@pytest.mark.parametrize("asked", REFUSED.values(), ids=REFUSED.keys())
def test_all_else_is_refused(asked: Request):
    with pytest.raises(NotAuthentic):
        prove(asked, TOKEN, PUBLIC)


def test_without_a_secret_nobody_is_believed():
    with pytest.raises(NotAuthentic):
        prove(request(message("x"), token=""), "", PUBLIC)
