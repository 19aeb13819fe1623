"""A channel whose platform is an HTTP API of ours: signed JSON in, JSON out."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.domain.errors import BadRequest, NotAuthentic, Refused, TryLater
from bot.domain.message import Address, Inbound, Outbound, Receipt, Sender, Text
from bot.domain.ports import Abilities, Draft, Progress, Received, Request

NAME = "double"
ACCOUNT = "main"
PATH = "/double/events"
SIGNATURE = "x-double-signature"

_AGAIN = timedelta(seconds=1)
_PATIENCE = aiohttp.ClientTimeout(total=10)


def sign(secret: bytes, body: bytes) -> str:
    """The signature that a webhook carries."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def webhook(secret: bytes, *, key: str, room: str, text: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of one webhook, as the platform sends them."""
    body = json.dumps({"key": key, "room": room, "text": text}).encode()
    return body, {SIGNATURE: sign(secret, body), "Content-Type": "application/json"}


def event_key(key: str) -> str:
    """What the platform's key of an event becomes inside."""
    return f"{NAME}:{key}"


class HttpChannel:
    """A `Channel`. The platform at `url` forgets keys: what is sent twice is shown twice.

    The trace of an event is the platform's key of it, so that every send names what it answers.
    """

    name = NAME
    abilities = Abilities()

    def __init__(self, url: str, secret: bytes) -> None:
        self._url = url
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def receive(self, request: Request) -> Received:
        given = request.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(sign(self._secret, request.body), given):
            raise NotAuthentic("The signature does not fit the body.")
        try:
            fields = json.loads(request.body)
            key, room, text = (str(fields[name]) for name in ("key", "room", "text"))
        except (ValueError, KeyError, TypeError) as exc:
            raise BadRequest("The body must be an object with `key`, `room` and `text`.") from exc
        event = Inbound(
            key=event_key(key),
            trace=key,
            address=Address(channel=NAME, account=ACCOUNT, room=room),
            sender=Sender(handle=room),
            parts=(Text(text=text),),
            sent_at=datetime.fromtimestamp(0, UTC),
        )
        return Received(events=(event,))

    async def send(self, outbound: Outbound) -> Receipt:
        body = {
            "key": outbound.key,
            "event": outbound.trace,
            "author": outbound.author,
            "room": outbound.address.room,
            "text": outbound.text(),
        }
        try:
            async with self._open().post(self._url, json=body) as response:
                if response.status >= 500:
                    raise TryLater(_AGAIN)
                if response.status >= 400:
                    raise Refused(f"the platform answers {response.status}")
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError) as exc:
            raise TryLater(_AGAIN) from exc
        taken = datetime.fromtimestamp(float(answer["at"]), UTC)
        return Receipt(message_id=str(answer["id"]), sent_at=taken)

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        """The platform shows nothing of the kind."""

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:  # noqa: ARG002  the port's names
        return None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, timeout=_PATIENCE)
        return self._session
