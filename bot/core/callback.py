"""What is left for people when nobody came: a ticket, or a call back the customer describes."""

from dataclasses import replace
from datetime import datetime

from bot.core.courtesy import courtesy
from bot.core.filters import pressed
from bot.core.lines import Lines
from bot.core.moments import people_back
from bot.core.speech import Speaker, speaker
from bot.core.words import say
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Outcome, Turn
from bot.domain.errors import TransitionRefused
from bot.domain.handoff import Handoff, OpenRequest
from bot.domain.message import Choice, Choices, Outbound
from bot.domain.skill import PendingSkill

SKILL = "callback"
NO_CALLBACK = "no_callback"
"""The value of the button that wants no call back."""
LONGEST = 500
"""Characters of a wish that are kept."""


def number_of(handoff: Handoff) -> str:
    """The number that the customer is told: short enough to be read out."""
    digits = handoff.id[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


def leave_request(
    ended: Conversation, speak: Speaker, back: str, now: datetime
) -> tuple[Conversation, Outbound]:
    """Open what is owed to the customer, and the words that tell them."""
    handoff = ended.handoff
    if handoff is None or handoff.fallback is None:
        return ended, speak.words("exhausted")
    number = number_of(handoff)
    request = OpenRequest(kind=handoff.fallback, number=number, opened_at=now)
    left = replace(ended, handoff=replace(handoff, request=request))
    if request.kind == "ticket":
        return left, speak.words("ticket_opened", number=number, back=back)
    asker = ended.customers[0] if ended.customers else ""
    asking = PendingSkill(skill=SKILL, asker=asker, asking="reach", since=now)
    label = say("callback_declined", ended.language)
    no = Choices(options=(Choice(label=label, value=NO_CALLBACK),))
    told = speak.words("callback_offered", no, number=number, back=back)
    return replace(left, pending=asking), told


def settled(held: Conversation, by: Person, now: datetime) -> Conversation:
    """What was owed is done. Raises `TransitionRefused` when nothing was."""
    handoff = held.handoff
    if handoff is None or handoff.request is None or not handoff.owes():
        raise TransitionRefused("closed")
    request = replace(handoff.request, done_at=now, done_by=by.id)
    asking = held.pending is not None and held.pending.skill == SKILL
    pending = None if asking else held.pending
    return replace(held, handoff=replace(handoff, request=request), pending=pending)


class Callback:
    """The customer says how and when to be reached, or that nobody need call."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def accepts(self, turn: Turn) -> bool:
        """Whether the words answer our question; a courtesy or a question of theirs does not."""
        waiting = turn.conversation.pending
        handoff = turn.conversation.handoff
        if waiting is None or waiting.skill != SKILL or not (handoff and handoff.owes()):
            return False
        if turn.conversation.holder != "bot" or turn.event.sender.handle != waiting.asker:
            return False
        got = pressed(turn)
        return got == NO_CALLBACK or (got is None and _answers(turn.event.text().strip()))

    async def __call__(self, turn: Turn) -> Outcome:
        held, handoff = turn.conversation, turn.conversation.handoff
        if handoff is None or handoff.request is None:
            raise ValueError("there is no open request")
        speak = speaker(turn)
        if pressed(turn) == NO_CALLBACK:
            request = replace(handoff.request, done_at=turn.now)
            told = speak.words("callback_dropped")
        else:
            wish = turn.event.text().strip()[:LONGEST]
            request = replace(handoff.request, wish=wish)
            line = self._lines.find(held.line)
            back = people_back(line, None, turn.now, held.language)
            told = speak.words("callback_noted", number=request.number, back=back)
        noted = replace(held, handoff=replace(handoff, request=request), pending=None)
        return Outcome(conversation=noted, say=(told,), decision="callback")


def _answers(words: str) -> bool:
    """A number or an address answers; a question does not, nor does a mere thank you."""
    if not words:
        return False
    if "@" in words or any(sign.isdigit() for sign in words):
        return True
    return not words.endswith("?") and courtesy(words) is None
