"""Climbing the ladder: a rung is due, its people are found, called, and the customer is told who.

The ladder was frozen when the hand-off opened; who is on call is asked when each rung is called.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.callback import leave_request
from bot.core.escalation import CALL, call_timer, card
from bot.core.moments import people_back
from bot.core.pings import Pings
from bot.core.speech import Speaker
from bot.core.words import minutes, say
from bot.domain.conversation import Conversation, Entry, Outcome, Timer
from bot.domain.handoff import Call, Handoff, Rung
from bot.domain.line import Line
from bot.domain.message import Address, Outbound, Text
from bot.domain.oncall import Duty, OnCall
from bot.domain.transitions import advance

_FEW = 3
"""So many people are named to the customer; more are "our team"."""


@dataclass(frozen=True, slots=True)
class Climb:
    """Calls rungs until one reaches somebody, or none is left."""

    oncall: OnCall
    channels: Collection[str]
    sms: Address | None = None

    def claimer(self, handoff: Handoff) -> Address | None:
        """Where the claimer is told something: the staff thread, else an address of their own."""
        thread = handoff.staff_thread
        if thread is not None and thread.channel in self.channels:
            return thread
        person = self.oncall.person(handoff.claimed_by) if handoff.claimed_by else None
        addresses = person.addresses if person else ()
        return next((one for one in addresses if one.channel in self.channels), None)

    def __call__(
        self, held: Conversation, line: Line | None, timer: Timer, now: datetime
    ) -> Outcome:
        """A rung is due: the present one to be called, or one that has waited long enough."""
        handoff = held.handoff
        if handoff is None:
            raise ValueError("a waiting conversation has a hand-off")
        first = handoff.rung if timer.ref == CALL else handoff.rung + 1
        cause = f"ladder:{handoff.id}:{handoff.round}:{first}"
        speak = Speaker(held, cause=cause, trace=held.id)
        pings = Pings(held, handoff, line, channels=self.channels, sms=self.sms)
        called: list[Call] = []
        back: datetime | None = None
        for number in range(first, len(handoff.ladder)):
            rung = handoff.ladder[number]
            duty = self.oncall.now(rung.team, now, role=rung.role)
            calls, rows = pings.of(number, duty, now)
            called += calls
            if any(call.reached == "called" for call in calls):
                kept = replace(handoff, rung=number, calls=(*handoff.calls, *called))
                waits = replace(held, handoff=kept)
                told = _told(speak, rung, duty, calls, again=number > 0)
                cards = card(waits, line, speak) if number > 0 else ()
                return Outcome(
                    conversation=waits,
                    say=(told, *rows, *cards),
                    later=(call_timer(waits, now, rung.wait),),
                    notes=_notes(handoff, called),
                )
            back = min(filter(None, (back, duty.back_at())), default=None)
        kept = replace(handoff, calls=(*handoff.calls, *called))
        ended = advance(replace(held, handoff=kept), "exhaust", now=now)
        return _left(ended, line, Speaker(ended, cause=cause, trace=held.id), called, back, now)


def _left(
    ended: Conversation,
    line: Line | None,
    speak: Speaker,
    called: list[Call],
    back: datetime | None,
    now: datetime,
) -> Outcome:
    """Nobody came: the bot has the conversation again, and something is left for people."""
    words = people_back(line, back, now, ended.language)
    left, told = leave_request(ended, speak, words, now)
    notes = _notes(left.handoff, called) if left.handoff else ()
    said = (told, *card(left, line, speak))
    return Outcome(conversation=left, say=said, notes=notes, decision="exhausted")


def _told(speak: Speaker, rung: Rung, duty: Duty, calls: list[Call], *, again: bool) -> Outbound:
    """Who has been called, and how long that is given."""
    reached = {call.person for call in calls if call.reached == "called"}
    names = [on.person.name for on in duty.people if on.person.id in reached]
    language = speak.language
    if rung.means == "room" or len(names) > _FEW:
        who = say("the_team", language) if len(names) != 1 else names[0]
    else:
        who = ", ".join(names) or say("somebody_on_call", language)
    wait = minutes(rung.wait.total_seconds())
    return speak.words("calling_next" if again else "calling", who=who, wait=wait)


def _notes(handoff: Handoff, called: list[Call]) -> tuple[Entry, ...]:
    """What staff read in the transcript: each rung, whom it called and what came of it."""
    return tuple(
        Entry(
            key=f"call:{handoff.id}:{call.round}:{call.rung}:{call.person or call.means}",
            kind="note",
            author="system",
            parts=(Text(text=_in_words(handoff, call)),),
            at=call.at,
        )
        for call in called
    )


def _in_words(handoff: Handoff, call: Call) -> str:
    rung = handoff.ladder[call.rung]
    team = f"{rung.team}, {rung.role}" if rung.role else rung.team
    place = f"Rung {call.rung + 1} of {len(handoff.ladder)} ({team}, {rung.means})"
    who = call.name or rung.callout or "the team"
    if call.reached == "called":
        return f"{place}: called {who}."
    if call.reached == "nobody":
        return f"{place}: nobody is on call; passed on."
    return f"{place}: {who} cannot be reached this way; passed on."
