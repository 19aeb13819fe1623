"""What people wrote while nobody of ours answered, read from Twilio's own list of messages.

Twilio calls a webhook once, and its fallback once. A message has the same SID here as there, so
what came both ways is one. https://www.twilio.com/docs/messaging/api/message-resource
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from channels.twilio.errors import mapped_errors
from channels.twilio.posting import TwilioApi

_MOST, _PAGE = 100_000, 1000
"""Those we sent are on the list, too."""
_HEARD = "inbound"


async def missed(
    api: TwilioApi, since: datetime
) -> AsyncIterator[tuple[Mapping[str, str], datetime]]:
    """Messages to us since a moment, oldest first: as a webhook tells them, and when they came.

    Raises `ChannelError` where Twilio is away.
    """
    client = await api.client()
    heard: list[tuple[Any, datetime]] = []
    with mapped_errors():
        newest_first = await client.messages.stream_async(
            date_sent_after=since, limit=_MOST, page_size=_PAGE
        )
        async for message in newest_first:
            sent = _moment(message.date_sent)
            if sent is not None and sent < since:
                break
            if sent is not None and message.direction == _HEARD:
                heard.append((message, sent))
    for message, sent in reversed(heard):
        yield await _as_told(client, message), sent


def _moment(sent: object) -> datetime | None:
    """The library leaves a date that it cannot read as it is."""
    if isinstance(sent, str):
        with suppress(ValueError):
            sent = datetime.fromisoformat(sent)
    return sent if isinstance(sent, datetime) and sent.tzinfo is not None else None


async def _as_told(client: Any, message: Any) -> Mapping[str, str]:  # noqa: ANN401  the library has no types
    told = {
        "MessageSid": str(message.sid),
        "From": str(message.from_),
        "To": str(message.to),
        "Body": str(message.body or ""),
        "NumMedia": str(message.num_media or 0),
    }
    if message.messaging_service_sid:
        told["MessagingServiceSid"] = str(message.messaging_service_sid)
    if int(told["NumMedia"]):
        with mapped_errors():
            media = await client.messages(message.sid).media.list_async()
        for number, one in enumerate(media):
            told[f"MediaUrl{number}"] = client.api.base_url + str(one.uri).removesuffix(".json")
            told[f"MediaContentType{number}"] = str(one.content_type)
    return told
