"""Teams as a `Channel`: activities come signed through our door, messages go to the connector."""

import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from bot.domain.contact import Person
from bot.domain.errors import CarelineError, NotAuthentic
from bot.domain.message import Address, Inbound, Outbound, Receipt
from bot.domain.ports import (
    Abilities,
    Clock,
    Draft,
    Keep,
    Progress,
    Received,
    Reply,
    Request,
    Store,
    Verdict,
)
from channels.teams.activity import Activity, read
from channels.teams.cards import handoff_card
from channels.teams.connector import Connector
from channels.teams.inbound import CHANNEL, address_of, execution_of, parse, rated, talk_of
from channels.teams.outbound import CARD, LONGEST, Called, render
from channels.teams.pace import Pace
from channels.teams.places import Places
from channels.teams.section import TeamsConfig
from channels.teams.signature import Gate, Keys, check_service
from channels.teams.streaming import TeamsDraft
from channels.teams.thumbs import article_of, thumb_of
from channels.teams.tokens import AppToken
from channels.teams.welcome import Prompts, Welcome

PATH = "/teams/messages"
_PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""The id of a person in the directory; ids of conversations have a colon."""
_MESSAGE = "application/vnd.microsoft.activity.message"
_PERSONAL = "a:"
"""How the ids of personal chats begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRooms:
    """Where staff talk, and who they are."""

    is_staffs: Callable[[Address], bool]
    people: Callable[[], Awaitable[Sequence[Person]]]


class TeamsChannel:
    """One app of one tenant.

    In a channel of a team the bot is spoken to by name, and then within that thread; an app that
    may hear all of a team hears the rest, and forgets it. Staff rooms are heard in whole.
    """

    name = CHANNEL
    abilities = Abilities(
        buttons=True, threads=True, media=True, edits=True, typing=True, max_text=LONGEST
    )

    def __init__(
        self,
        config: TeamsConfig,
        store: Store,
        clock: Clock,
        staff: StaffRooms | None = None,
        prompts: Prompts | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._staff = staff
        self._session: aiohttp.ClientSession | None = None
        keys = Keys(config.openid_metadata_url, self._open, time.monotonic)
        self._gate = Gate(keys, app_id=config.app_id, issuer=config.issuer)
        self._connector = Connector(AppToken(config, self._open, time.monotonic), self._open)
        self._places = Places(config.service_url)
        self._chats: dict[str, str] = {}
        self._pace = Pace(clock)
        self._welcome = Welcome(prompts or _no_prompts, self._post)

    async def receive(self, request: Request) -> Received:
        claims = await self._gate.claims(request.headers.get("authorization", ""))
        activity = read(request.body)
        check_service(claims, activity.service_url)
        if activity.tenant() not in (None, self._config.tenant_id):
            raise NotAuthentic("the activity is of another tenant")
        event = await self._read(activity)
        if event is None or not await self._hears(activity, event):
            return Received(reply=_answer(activity))
        room = event.address.room
        home, service = event.address.account, activity.service_url.rstrip("/")
        self._places.heard(home, room, talk_of(event.address), service)
        if event.kind == "joined" and activity.action == "add" and not self._is_staffs(event):
            self._welcome.joined(event)
        if execution_of(activity) is not None:
            return Received(pressed=event, reply=_answer(activity))
        return Received(events=(event,), reply=_answer(activity))

    async def listen(self, keep: Keep) -> None:  # noqa: ARG002  Teams has no other way to be heard
        """Greet where the app was installed."""
        await self._welcome.run()

    def verdict(self, verdict: Verdict) -> Reply:
        if not verdict.done or verdict.card is None:
            return _invoked(_MESSAGE, verdict.text)
        card = handoff_card(verdict.card, self._clock.now(), version=verdict.version)
        return _invoked(CARD, card.model_dump(mode="json", by_alias=True, exclude_none=True))

    async def send(self, outbound: Outbound) -> Receipt:
        to = outbound.address
        service = self._service(to)
        talk = await self._talk(to, service)
        activity = render(outbound, self._clock.now(), await self._called(outbound))
        self._pace.admit(talk)
        sent = await self._connector.carry(service, talk, outbound, activity)
        self._places.joined(talk, service)
        if to.thread is None:  # the message may begin a thread
            self._places.joined(f"{to.room};messageid={sent}", service)
        return Receipt(message_id=sent, sent_at=self._clock.now())

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:  # noqa: ARG002  Teams names the bot
        if state == "idle":
            return
        with suppress(CarelineError):
            await self._connector.typing(self._service(address), talk_of(address))

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:
        """Teams streams in personal chats alone."""
        if not address.room.startswith(_PERSONAL):
            return None
        service, talk = self._service(address), talk_of(address)

        async def holds() -> bool:
            async with self._store.reading() as tx:
                return await tx.feed.holds(conversation, version)

        says = partial(self._connector.say, service, talk)
        return TeamsDraft(says, partial(self._connector.take_back, service, talk), holds)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, to: Address, activity: dict[str, Any]) -> None:
        await self._connector.say(self._service(to), talk_of(to), activity)

    async def _read(self, activity: Activity) -> Inbound | None:
        """One event; a thumb is told of with the article of the answer that it is under."""
        tenant, now = self._config.tenant_id, self._clock.now()
        thumb = thumb_of(activity)
        if thumb is None:
            return parse(activity, tenant, now=now)
        async with self._store.reading() as tx:
            held = await tx.conversations.at(address_of(activity, tenant))
            said = await tx.transcript.read(held.id) if held is not None else ()
        article = article_of(said, thumb.message)
        return rated(activity, thumb, article, tenant, now=now) if article else None

    def _is_staffs(self, event: Inbound) -> bool:
        return self._staff is not None and self._staff.is_staffs(event.address)

    async def _talk(self, to: Address, service: str) -> str:
        """The conversation at an address; a person of the directory has one of their own."""
        if _PERSON.fullmatch(to.room) is None:
            return talk_of(to)
        known = self._chats.get(to.room)
        if known is None:
            bot = f"28:{self._config.app_id}"
            known = await self._connector.meet(service, bot, self._config.tenant_id, to.room)
            self._chats[to.room] = known
        return known

    async def _called(self, outbound: Outbound) -> list[Called]:
        """Whom a message mentions, as Teams knows them; who has no address here is left out."""
        if not outbound.mention or self._staff is None:
            return []
        people = {person.id: person for person in await self._staff.people()}
        found = [people[one] for one in outbound.mention if one in people]
        return [
            Called(handle=at.room, name=person.name)
            for person in found
            for at in person.addresses
            if (at.channel, at.account) == (CHANNEL, outbound.address.account)
        ]

    def _service(self, to: Address) -> str:
        return self._places.of(to.account, to.room, talk_of(to))

    async def _hears(self, activity: Activity, event: Inbound) -> bool:
        """Whether this was said to the bot."""
        if event.kind not in ("message", "edited", "deleted") or activity.mentions_bot():
            return True
        kind = activity.conversation.conversation_type
        if kind not in ("channel", "groupChat"):
            return True
        where = address_of(activity, self._config.tenant_id)
        if self._staff is not None and self._staff.is_staffs(where):
            return True
        if event.kind == "message" and (kind == "groupChat" or where.thread is None):
            return False
        if self._places.knows(talk_of(where)):
            return True
        async with self._store.reading() as tx:
            return await tx.conversations.at(where) is not None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            # Signs outside of ASCII as they are: escaped, they would be several times as long.
            plain = partial(json.dumps, ensure_ascii=False)
            self._session = aiohttp.ClientSession(connector=connector, json_serialize=plain)
        return self._session


async def _no_prompts(_place: Address) -> Sequence[str]:
    return ()


def _answer(activity: Activity) -> Reply:
    """An invoke wants a body, and its client shows an error without one."""
    if activity.type != "invoke":
        return Reply()
    if activity.name != "adaptiveCard/action":
        return Reply(body=b"{}")
    return _invoked(_MESSAGE, "One moment, please.")


def _invoked(kind: str, value: object) -> Reply:
    """The answer to an Action.Execute: words for whoever pressed, or the card that they see then.

    https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
    """
    body = {"statusCode": 200, "type": kind, "value": value}
    return Reply(body=json.dumps(body).encode())
