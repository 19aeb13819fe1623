"""The messages that call people: one for each person of a rung, or one for a room or a service.

A ping's key is made of hand-off, round, rung and person: however often a rung is worked on, nobody
is called twice by it. No customer's words leave with a ping; they are read at the desk.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.contact import Person
from bot.domain.conversation import Conversation
from bot.domain.handoff import Call, Handoff, Reached, Rung
from bot.domain.line import Line
from bot.domain.message import Address, HandoffCard, Outbound, Part, Text
from bot.domain.oncall import Duty

CALLOUT = "callout"
"""The channel of outside services that call people; a room in it is a hand-off."""
_PING = "ping:"


@dataclass(frozen=True, slots=True)
class Pings:
    """Makes the pings of one conversation; `channels` are those that are set up."""

    held: Conversation
    handoff: Handoff
    line: Line | None
    channels: Collection[str]
    sms: Address | None = None

    def of(self, number: int, duty: Duty, now: datetime) -> tuple[list[Call], list[Outbound]]:
        """Call one rung: what came of it for each person, and the messages to send."""
        rung = self.handoff.ladder[number]
        people = [on.person for on in duty.people if on.person.may_handle(self.held.line)]
        if rung.means == "webhook":
            return self._service(number, rung, people, now)
        if not people:
            return [self._call(number, rung, now, reached="nobody")], []
        if rung.means == "room":
            return self._room(number, rung, people, now)
        calls, rows = [], []
        for person in people:
            to = self._address(rung, person)
            reached: Reached = "called" if to is not None else "unreachable"
            calls.append(self._call(number, rung, now, reached=reached, person=person))
            if to is not None:
                rows.append(self._row(number, to, person.id))
        return calls, rows

    def _room(
        self, number: int, rung: Rung, people: list[Person], now: datetime
    ) -> tuple[list[Call], list[Outbound]]:
        """Under the card it is told whom it is for; without a room the desk shows it to everybody.

        The card changes with the hand-off; a second one in the room would go on offering a claim.
        """
        calls = [self._call(number, rung, now, person=person) for person in people]
        room = self.handoff.staff_thread or (self.line.staff_room if self.line else None)
        if room is None:
            return calls, []
        return calls, [self._row(number, room, "room", mention=tuple(p.id for p in people))]

    def _service(
        self, number: int, rung: Rung, people: list[Person], now: datetime
    ) -> tuple[list[Call], list[Outbound]]:
        """An outside service finds its people itself; ours are named to nobody outside."""
        there = CALLOUT in self.channels and rung.callout is not None
        reached: Reached = "called" if there else "unreachable"
        only = people[0] if len(people) == 1 else None
        call = self._call(number, rung, now, reached=reached, person=only)
        if rung.callout is None or not there:
            return [call], []
        to = Address(channel=CALLOUT, account=rung.callout, room=self.handoff.id)
        return [call], [self._row(number, to, "webhook")]

    def _address(self, rung: Rung, person: Person) -> Address | None:
        if rung.means == "direct":
            return next((a for a in person.addresses if a.channel in self.channels), None)
        if self.sms is None or person.phone is None or self.sms.channel not in self.channels:
            return None
        return Address(channel=self.sms.channel, account=self.sms.account, room=person.phone)

    def _call(
        self,
        number: int,
        rung: Rung,
        now: datetime,
        *,
        reached: Reached = "called",
        person: Person | None = None,
    ) -> Call:
        return Call(
            round=self.handoff.round,
            rung=number,
            means=rung.means,
            at=now,
            reached=reached,
            person=person.id if person else None,
            name=person.name if person else None,
            callout=rung.callout,
        )

    def _row(
        self, number: int, to: Address, whom: str, *, mention: tuple[str, ...] = ()
    ) -> Outbound:
        title = self.line.title if self.line else self.held.line
        words = f"A customer of {title} is waiting for a person ({self.handoff.reason})."
        if self.handoff.priority in ("high", "urgent"):
            words += f" Priority: {self.handoff.priority}."
        parts: tuple[Part, ...] = (
            Text(text=f"{words} Claim it on the desk."),
            plain_card(self.held),
        )
        if mention:
            parts = (Text(text=f"{words} Claim it on its card, or on the desk."),)
        return Outbound(
            key=ping_key(self.handoff, number, whom),
            address=to,
            parts=parts,
            author="system",
            trace=self.held.id,
            holder_version=self.held.version,
            mention=mention,
        )


def ping_key(handoff: Handoff, rung: int, whom: str, *, turn: int | None = None) -> str:
    """The key of one ping; `turn` is the round, the present one without."""
    return f"{_PING}{handoff.id}:{handoff.round if turn is None else turn}:{rung}:{whom}"


def is_ping(outbound: Outbound) -> bool:
    """Whether a message calls somebody, and is no news of a call before it."""
    return outbound.key.startswith(_PING) and outbound.replaces is None


def plain_card(held: Conversation) -> HandoffCard:
    """The card of a hand-off without any of the customer's words."""
    handoff = held.handoff
    if handoff is None:
        raise ValueError("a card is of a hand-off")
    return HandoffCard(
        handoff=handoff.id,
        line=held.line,
        reason=handoff.reason,
        priority=handoff.priority,
        state=held.holder,
        summary="",
        owner=handoff.claimed_name,
    )


def callout_news(held: Conversation) -> tuple[Outbound, ...]:
    """Tells the services that were called how it went: somebody came, or nobody is needed.

    A call of the present round stands while the customer still waits.
    """
    handoff = held.handoff
    if handoff is None:
        return ()
    return tuple(
        _news(held, handoff, call)
        for call in handoff.calls
        if call.means == "webhook"
        and call.reached == "called"
        and not (held.holder == "waiting" and call.round == handoff.round)
    )


def _news(held: Conversation, handoff: Handoff, call: Call) -> Outbound:
    callout = call.callout or _callout_of(handoff, call)
    trigger = ping_key(handoff, call.rung, "webhook", turn=call.round)
    return Outbound(
        key=f"{trigger}:{held.holder}",
        address=Address(channel=CALLOUT, account=callout, room=handoff.id),
        parts=(plain_card(held),),
        author="system",
        trace=held.id,
        holder_version=held.version,
        replaces=trigger,
    )


def _callout_of(handoff: Handoff, call: Call) -> str:
    """The service of a call that was kept before calls named theirs."""
    rung = handoff.ladder[call.rung] if call.rung < len(handoff.ladder) else None
    return (rung.callout if rung else None) or ""
