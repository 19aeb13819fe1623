"""Where the numbers, services and senders of an account call, and how that is changed.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
https://www.twilio.com/docs/messaging/api/service-resource
https://www.twilio.com/docs/whatsapp/api/senders
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from channels.twilio.errors import mapped_errors
from channels.twilio.inbound import WHATSAPP
from channels.twilio.posting import TwilioApi

_MOST = 1000
_NUMBER = ("sms_url", "sms_fallback_url")
_SERVICE = ("inbound_request_url", "fallback_url")
_SENDER = ("callback_url", "fallback_url", "status_callback_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """Where something of the account calls, "" for nowhere, and how to change that."""

    fields: Mapping[str, str]
    put: Callable[[Mapping[str, str]], Awaitable[None]]


async def numbers(api: TwilioApi) -> dict[str, Webhooks]:
    """By number. Raises `ChannelError`, as all of these."""
    client = await api.client()
    with mapped_errors():
        found = await client.incoming_phone_numbers.list_async(limit=_MOST)
    return {str(one.phone_number): _webhooks(one, _NUMBER) for one in found}


async def services(api: TwilioApi) -> dict[str, Webhooks]:
    """Messaging Services, by SID."""
    client = await api.client()
    with mapped_errors():
        found = await client.messaging.v1.services.list_async(limit=_MOST)
    return {str(one.sid): _webhooks(one, _SERVICE) for one in found}


async def senders(api: TwilioApi) -> dict[str, Webhooks]:
    """WhatsApp senders, by number; the sandbox is none."""
    client = await api.client()
    known: dict[str, Webhooks] = {}
    with mapped_errors():
        for one in await client.messaging.v2.channels_senders.list_async(channel=WHATSAPP):
            sender = await client.messaging.v2.channels_senders(one.sid).fetch_async()
            set_now = sender.webhook or {}
            read = set_now.get if isinstance(set_now, dict) else partial(_field, set_now)
            fields = {field: str(read(field) or "") for field in _SENDER}
            number = str(sender.sender_id).removeprefix(f"{WHATSAPP}:")
            known[number] = Webhooks(fields=fields, put=partial(_put_sender, api, str(one.sid)))
    return known


def _field(held: object, name: str) -> object:
    return getattr(held, name, None)


def _webhooks(one: Any, names: tuple[str, ...]) -> Webhooks:  # noqa: ANN401  the library has no types
    async def put(fields: Mapping[str, str]) -> None:
        with mapped_errors():
            await one.update_async(**fields)

    return Webhooks(fields={name: str(getattr(one, name) or "") for name in names}, put=put)


async def _put_sender(api: TwilioApi, sid: str, fields: Mapping[str, str]) -> None:
    client = await api.client()
    url = f"{client.messaging.base_url}/v2/Channels/Senders/{sid}"
    await api.post(url, {"webhook": dict(fields)})
