"""One workspace of Slack: its requests read, its messages sent, by its own token."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from bot.domain.errors import BadRequest, ChannelError
from bot.domain.message import Address, Inbound, Outbound, Part, Pressed, Text
from bot.domain.ports import Clock, Draft, Progress, Received
from channels.slack.around import Around
from channels.slack.asides import Asides, Begun, Opened, Spoken
from channels.slack.attached import Attachments
from channels.slack.commands import Command, Commands, command_in
from channels.slack.hearing import NOT_READ, Heard
from channels.slack.inbound import NAME, Press, Said, Workspace, is_direct, press_in, said_in
from channels.slack.modals import Modals, opens
from channels.slack.outbound import comment_of, kept_files
from channels.slack.people import Profiles
from channels.slack.posting import WebApi
from channels.slack.reading import mentioned, parts_of
from channels.slack.section import SlackConfig
from channels.slack.showing import Showing
from channels.slack.streaming import SlackDraft

_SIGN_S = 2.0
_STATUS = {"thinking": "is looking for an answer…", "typing": "{name} is typing…", "idle": ""}


class SlackWorkspace:
    """`me` is who we are there; `config` has its token."""

    def __init__(
        self, me: Workspace, config: SlackConfig, clock: Clock, around: Around, asides: Asides
    ) -> None:
        self.me = me
        self.web = WebApi(config, around.people, clock)
        self._clock = clock
        self._around = around
        self._profiles = Profiles(self.web.user, clock)
        self._showing = Showing(self.web.client)
        self._asides = asides
        self._commands = Commands(around.front, self._showing, clock)
        self._modals = Modals(client=self.web.client, suggested=around.suggested, clock=clock)
        self._attachments = Attachments(
            self.web.client, self.web.session, around.files, config.base_url
        )

    async def take(self, heard: Heard) -> Received:
        """What a request holds for us. Raises `BadRequest`."""
        me = self.me
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
        trigger = str(heard.body.get("trigger_id"))
        if form and isinstance(found, Press) and await self._modals.open(form, found, trigger):
            events: tuple[Inbound, ...] = ()
        elif isinstance(found, Press):  # of a message of ours: staff are called in their own rooms
            events = (await self._pressed(found),)
        elif isinstance(found, Said) and await self._ours(found):
            events = await self._written(found, me)
        else:
            events = ()
        return Received(events=events, reply=heard.reply)

    async def send(self, outbound: Outbound) -> str:
        """Slack's id of the message. Raises `TryLater` and `Refused`."""
        files = kept_files(outbound)
        if files:
            self.web.admit(outbound)
            comment = comment_of(outbound)
            return await self._attachments.hand_over(files, outbound.address, comment)
        return await self.web.say(outbound, self._clock.now())

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        """Show that somebody is at work. Never raises."""
        with suppress(ChannelError, TimeoutError):
            async with asyncio.timeout(_SIGN_S):
                await self.web.status(address, _STATUS[state].format(name=name or "Somebody"))

    def draft(self, address: Address, *, conversation: str, version: int) -> Draft | None:
        """A draft, where Slack streams: in threads of direct messages alone."""
        if address.thread is None or not is_direct(address.room):
            return None  # in channels Slack streams to somebody who is named alone
        holds = partial(self._around.holds, conversation, version)
        return SlackDraft(self.web.client, address, holds)

    async def _ours(self, said: Said) -> bool:
        """Said to us, or in a thread in which we talk; all else in a channel is not our business.

        An edit may put our name into words that never were for us: it counts by its thread alone.
        """
        if not self._serves(said.address):
            return False
        if said.addressed and (said.kind == "message" or said.address.thread is None):
            return True
        known = said.follows or said.kind != "message"
        if known and self._around.staffs(said.address):
            return True
        return known and await self._around.knows(said.address)

    def _serves(self, place: Address) -> bool:
        """Whether anybody is answered there: a line has the workspace, or it is a staff room."""
        return self._around.staffs(place) or self._around.serves(place)

    async def _written(self, said: Said, me: Workspace) -> tuple[Inbound, ...]:
        named = sorted(mentioned(said.message) - {me.user, said.user})
        known = await self._profiles.senders([said.user, *named])
        sender, names = known[said.user], {user: one.name or "" for user, one in known.items()}
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
            self._asides.add(Spoken(address=said.address), self._showing)
        return (event,)

    def _opened(self, heard: Heard, me: Workspace) -> None:
        """The Home tab or the assistant panel. Raises `BadRequest`."""
        with _documented():
            event = heard.body["event"]
            if heard.kind == "assistant":
                began = event["assistant_thread"]
                room, thread = str(began["channel_id"]), str(began["thread_ts"])
                place = Address(channel=NAME, account=me.team, room=room, thread=thread)
                self._asides.add(Begun(address=place), self._showing)
            elif event.get("tab", "home") == "home":
                self._asides.add(Opened(team=me.team, user=str(event["user"])), self._showing)

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
