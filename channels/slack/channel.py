"""Slack as a `Channel`: proven requests in, calls of the Web API out."""

import asyncio
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncBoltRequest

from bot.domain.errors import BadRequest, CarelineError, ChannelError, Unavailable
from bot.domain.message import Address, Inbound, Outbound, Part, Pressed, Receipt, Text
from bot.domain.ports import Abilities, Clock, Draft, Keep, Progress, Received, Request
from channels.slack.around import Around
from channels.slack.asides import Asides, Begun, Opened, Spoken
from channels.slack.attached import Attachments
from channels.slack.commands import Command, Commands, command_in
from channels.slack.hearing import NOT_READ, Heard, Hearing
from channels.slack.inbound import NAME, Press, Said, Workspace, is_direct, press_in, said_in
from channels.slack.missed import missed
from channels.slack.modals import Modals, opens
from channels.slack.outbound import comment_of, kept_files
from channels.slack.people import Profiles
from channels.slack.posting import WebApi
from channels.slack.reading import mentioned, parts_of
from channels.slack.section import SlackConfig
from channels.slack.showing import Showing
from channels.slack.signature import prove
from channels.slack.socket import SlackSocket
from channels.slack.streaming import SlackDraft

log = logging.getLogger("careline.slack")

_SIGN_S, _AGAIN_S = 2.0, 1.0
_NO_GAP, _LONGEST_GAP = timedelta(seconds=10), timedelta(days=1)
"""Between these, what was missed is looked up; Slack itself tries again for some minutes."""
_OVERLAP = timedelta(minutes=1)
"""Read again from before the gap: Slack's clock is not ours, and what is kept twice is one."""
_STATUS = {"thinking": "is looking for an answer…", "typing": "{name} is typing…", "idle": ""}


class SlackChannel:
    """One app in one workspace. Accounts are workspaces, rooms channels and direct messages."""

    name = NAME
    abilities = Abilities(
        buttons=True,
        threads=True,
        media=True,
        files=True,
        forms=True,
        edits=True,
        private=True,
        marks=True,
        max_text=12_000,
    )

    def __init__(self, config: SlackConfig, clock: Clock, around: Around) -> None:
        self._around = around
        self._config = config
        self._clock = clock
        self._web = WebApi(config, around.people, clock)
        self._me: Workspace | None = None
        self._asking = asyncio.Lock()
        self._hearing = Hearing(config.bot_token, self.workspace)
        self._profiles = Profiles(self._web.user, clock)
        showing = Showing(self._web.client)
        self._modals = Modals(client=self._web.client, suggested=around.suggested, clock=clock)
        self._attachments = Attachments(
            self._web.client, self._web.session, around.files, config.base_url
        )
        self._asides = Asides(around.front, showing)
        self._commands = Commands(around.front, showing, clock)

    async def receive(self, request: Request) -> Received:
        prove(request, self._config.signing_secret, self._clock)
        try:
            asked = AsyncBoltRequest(body=request.body.decode(), headers=dict(request.headers))
        except (ValueError, AttributeError, TypeError) as exc:
            raise BadRequest(NOT_READ) from exc
        if not asked.body:
            raise BadRequest(NOT_READ)
        return await self.take(asked)

    async def take(self, asked: AsyncBoltRequest) -> Received:
        """What a request holds that was proven by its signature, or by the socket it came in.

        Raises `BadRequest`, and `Unavailable` while it cannot be told whose workspace it is.
        """
        heard = await self._hearing.hear(asked)
        if heard.kind is None:
            return Received(reply=heard.reply)
        me = await self.workspace()
        if heard.kind == "command":
            command = _command(heard.body)
            sender = await self._profiles.sender(command.user)
            return await self._commands.answer(command, sender)
        if heard.kind in ("home", "assistant"):
            self._opened(heard, me)
            return Received(reply=heard.reply)
        if heard.kind == "view":
            with _documented():
                sender = await self._profiles.sender(str(heard.body["user"]["id"]))
                return self._modals.submitted(heard.body, sender)
        found = _read(heard, me)
        form = opens(found) if isinstance(found, Press) else None
        if form is not None and isinstance(found, Press):
            await self._modals.open(form, found, str(heard.body.get("trigger_id")))
            events: tuple[Inbound, ...] = ()
        elif isinstance(found, Press):
            events = (await self._pressed(found),)
        elif found is not None and await self._ours(found):
            events = await self._written(found, me)
        else:
            events = ()
        return Received(events=events, reply=heard.reply)

    async def listen(self, keep: Keep) -> None:
        """Fetch what was missed, then hear events through Socket Mode where an app token is set."""
        since = await self._gap()

        def deaf(since: datetime) -> None:
            group.create_task(self._catch_up(keep, since))

        async with asyncio.TaskGroup() as group:
            group.create_task(self._asides.run())
            if since is not None:
                deaf(since)
            if self._config.app_token:
                ears = SlackSocket(self._config, self._clock, self.take, keep)
                group.create_task(ears.run(deaf))

    async def _gap(self) -> datetime | None:
        """Since when nobody has listened, as far as is known."""
        while True:
            try:
                last = await self._around.last()
            except Unavailable:
                await asyncio.sleep(_AGAIN_S)
            else:
                now = self._clock.now()
                return None if last is None or now - last < _NO_GAP else last

    async def _catch_up(self, keep: Keep, since: datetime) -> None:
        """What was missed comes as it would have; what comes by itself goes on beside it."""
        count = 0
        try:
            earliest = max(since - _OVERLAP, self._clock.now() - _LONGEST_GAP)
            async for event in missed(self._web, earliest):
                count += await self._again(event, keep)
        except CarelineError as exc:
            log.warning("slack_not_caught_up", extra={"error": type(exc).__name__})
        log.info("slack_caught_up", extra={"count": count})

    async def _again(self, event: dict[str, Any], keep: Keep) -> int:
        """How many events a message of the history holds for us."""
        body = {"type": "event_callback", "event": event}
        try:
            received = await self.take(AsyncBoltRequest(mode="socket_mode", body=body))
        except BadRequest:
            return 0
        await keep(received)
        return len(received.events)

    async def send(self, outbound: Outbound) -> Receipt:
        files = kept_files(outbound)
        if files:
            self._web.admit(outbound)
            comment = comment_of(outbound)
            message_id = await self._attachments.hand_over(files, outbound.address, comment)
        else:
            message_id = await self._web.say(outbound, self._clock.now())
        return Receipt(message_id=message_id, sent_at=self._clock.now())

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        if address.thread is None:
            return  # Slack shows a status in threads alone
        with suppress(ChannelError, TimeoutError):
            async with asyncio.timeout(_SIGN_S):
                await self._web.status(address, _STATUS[state].format(name=name or "Somebody"))

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:
        if address.thread is None or not is_direct(address.room):
            return None  # Slack streams in threads, and in channels to somebody named alone
        holds = partial(self._around.holds, conversation, version)
        return SlackDraft(self._web.client, address, holds)

    async def close(self) -> None:
        await self._web.close()

    async def workspace(self) -> Workspace:
        """Who we are there; asked once. Raises `Unavailable` while Slack does not say."""
        async with self._asking:
            if self._me is None:
                try:
                    self._me = await self._web.who()
                except ChannelError as exc:
                    log.warning("slack_away", extra={"error": type(exc).__name__})
                    raise Unavailable("Slack does not say who we are") from exc
            return self._me

    async def _ours(self, said: Said) -> bool:
        """Said to us, or in a thread in which we talk; all else in a channel is not our business.

        An edit may put our name into words that never were for us: it counts by its thread alone.
        """
        if said.addressed and (said.kind == "message" or said.address.thread is None):
            return True
        known = said.follows or said.kind != "message"
        if known and self._around.staffs(said.address):
            return True
        return known and await self._around.knows(said.address)

    async def _written(self, said: Said, me: Workspace) -> tuple[Inbound, ...]:
        sender = await self._profiles.sender(said.user)
        named = mentioned(said.message) - {me.user}
        names = {one: (await self._profiles.sender(one)).name or "" for one in named}
        parts: tuple[Part, ...] = ()
        deleted = said.kind == "deleted"
        if not deleted:
            given = await self._attachments.fetched(said.message, said.key, said.address)
            parts = (*parts_of(given.message, names=names, own=me.user), *given.media)
        if not parts and said.kind == "message" and said.addressed:
            parts = (Text(text="Hello"),)  # we were called, and nothing was said yet
        if not parts and not deleted:
            return ()
        event = Inbound(
            key=said.key,
            trace=secrets.token_hex(8),
            address=said.address,
            sender=sender,
            parts=parts,
            sent_at=said.sent_at,
            kind=said.kind,
            message_id=said.message_id,
            changes=said.changes,
        )
        if said.follows and is_direct(said.address.room) and said.kind == "message":
            self._asides.add(Spoken(address=said.address))
        return (event,)

    def _opened(self, heard: Heard, me: Workspace) -> None:
        """The Home tab or the assistant panel. Raises `BadRequest`."""
        with _documented():
            event = heard.body["event"]
            if heard.kind == "assistant":
                began = event["assistant_thread"]
                room, thread = str(began["channel_id"]), str(began["thread_ts"])
                place = Address(channel=NAME, account=me.team, room=room, thread=thread)
                self._asides.add(Begun(address=place))
            elif event.get("tab", "home") == "home":
                self._asides.add(Opened(team=me.team, user=str(event["user"])))

    async def _pressed(self, press: Press) -> Inbound:
        return Inbound(
            key=press.key,
            trace=secrets.token_hex(8),
            address=press.address,
            sender=await self._profiles.sender(press.user),
            parts=(Pressed(value=press.value, label=press.label),),
            sent_at=press.sent_at,
            kind="pressed",
        )


def _read(heard: Heard, me: Workspace) -> Said | Press | None:
    """What it tells. Raises `BadRequest` for what Slack does not document."""
    with _documented():
        if heard.kind == "action":
            return press_in(heard.body, me)
        return said_in(heard.body["event"], me)


def _command(body: dict[str, Any]) -> Command:
    """What was typed. Raises `BadRequest`."""
    with _documented():
        return command_in(body)


@contextmanager
def _documented() -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, OverflowError) as exc:
        raise BadRequest(NOT_READ) from exc
