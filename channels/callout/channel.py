"""The call-out channel: a ping becomes an event of PagerDuty's Events API v2, or of one like it.

https://developer.pagerduty.com/docs/send-alert-event
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp

from bot.domain.errors import NotAuthentic, Refused
from bot.domain.message import Address, Outbound, Receipt
from bot.domain.ports import Abilities, Draft, Progress, Received, Request
from channels.callout.errors import judge, mapped_errors
from channels.callout.outbound import LONGEST, event_of

NAME = "callout"
_PATIENCE = aiohttp.ClientTimeout(total=10, sock_connect=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """One service: where it is, and the key that says whom it calls."""

    url: str
    routing_key: str = field(repr=False)


class CalloutChannel:
    """A `Channel` that only sends. Its accounts are call-outs, its rooms hand-offs.

    A service knows an event by its `dedup_key`, made of the ping's key: sent twice, it calls once.
    """

    name = NAME
    abilities = Abilities(idempotent=True, edits=True, max_text=LONGEST)

    def __init__(self, callouts: Mapping[str, Callout], desk_url: str | None = None) -> None:
        self._callouts = callouts
        self._desk_url = desk_url
        self._session: aiohttp.ClientSession | None = None

    async def receive(self, request: Request) -> Received:  # noqa: ARG002  the port's name
        """Nobody writes to us this way."""
        raise NotAuthentic("call-outs have no webhook")

    async def send(self, outbound: Outbound) -> Receipt:
        callout = self._callouts.get(outbound.address.account)
        if callout is None:
            raise Refused(f"there is no call-out {outbound.address.account} in the settings")
        body = event_of(outbound, callout.routing_key, self._desk_url)
        with mapped_errors():
            # Sent on, a POST may become a GET: the service would say yes, and call nobody.
            asked = self._open().post(callout.url, json=body, allow_redirects=False)
            async with asked as answer:
                judge(answer.status, answer.headers.get("Retry-After", ""))
        return Receipt(message_id=body["dedup_key"], sent_at=datetime.now(UTC))  # noqa: TID251  the receipt's own time

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        """A service shows nothing of the kind."""

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:  # noqa: ARG002  the port's names
        return None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        return self._session
