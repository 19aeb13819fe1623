"""The slash command: a question goes the way of all messages, the rest is answered at once.

https://docs.slack.dev/interactivity/implementing-slash-commands
"""

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from bot.domain.errors import ChannelError, Unavailable
from bot.domain.front import Front
from bot.domain.message import Address, Inbound, Sender, Text
from bot.domain.ports import Clock, Received, Reply
from channels.slack.inbound import NAME
from channels.slack.mrkdwn import escaped, shortened
from channels.slack.panel import AWAY, COMMAND, HELP, NO_LINE, oncall, status
from channels.slack.showing import Showing

Verb: TypeAlias = Literal["ask", "oncall", "status", "help"]
_VERBS: tuple[Verb, ...] = get_args(Verb)
_PATIENCE_S = 2.0
"""Slack waits three seconds for the answer."""
_QUOTED = 300
_NO_ROOM = (
    "Slack did not let me open our direct message. Write to me there yourself: find me under Apps."
)
_NOTHING_ASKED = f"What would you like to know? For example: `{COMMAND} ask how do I get a laptop`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What somebody typed; `trigger` is the identity of its having been typed."""

    verb: Verb
    words: str
    user: str
    team: str
    trigger: str


def command_in(body: dict[str, Any]) -> Command:
    """Words that begin with no known verb are a question.

    Raises `KeyError` or `TypeError` for what Slack does not document.
    """
    typed = str(body.get("text") or "").strip()
    first, _, rest = typed.partition(" ")
    verb = next((one for one in _VERBS if one == first.casefold()), None)
    words = typed if verb is None else rest.strip()
    return Command(
        verb=verb or ("ask" if typed else "help"),
        words=words,
        user=str(body["user_id"]),
        team=str(body["team_id"]),
        trigger=str(body["trigger_id"]),
    )


class Commands:
    """Answers commands; only the one who typed sees it."""

    def __init__(self, front: Front, showing: Showing, clock: Clock) -> None:
        self._front = front
        self._showing = showing
        self._clock = clock

    async def answer(self, command: Command, sender: Sender) -> Received:
        """The answer, and the question as an event where one was asked."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                if command.verb == "ask":
                    return await self._asked(command, sender)
                return Received(reply=told(await self._told(command)))
        except (Unavailable, TimeoutError):
            return Received(reply=told(AWAY))

    async def _asked(self, command: Command, sender: Sender) -> Received:
        if not command.words:
            return Received(reply=told(_NOTHING_ASKED))
        try:
            room = await self._showing.direct(command.user)
        except ChannelError:
            return Received(reply=told(_NO_ROOM))
        event = Inbound(
            key=f"{NAME}:{command.team}:command:{command.trigger}",
            trace=secrets.token_hex(8),
            address=Address(channel=NAME, account=command.team, room=room),
            sender=sender,
            parts=(Text(text=command.words),),
            sent_at=self._clock.now(),
        )
        quoted = escaped(shortened(" ".join(command.words.split()), _QUOTED))
        words = f"> {quoted}\nI answer in our direct message: <#{room}>"
        return Received(events=(event,), reply=told(words))

    async def _told(self, command: Command) -> str:
        if command.verb == "help":
            return HELP
        place = Address(channel=NAME, account=command.team, room=command.user)
        page = await self._front.page(place, command.user)
        if page is None:
            return NO_LINE.format(team=escaped(command.team))
        return oncall(page.duty) if command.verb == "oncall" else status(page)


def told(words: str) -> Reply:
    """An answer that only the one who typed sees."""
    return Reply(body=json.dumps({"response_type": "ephemeral", "text": words}).encode())
