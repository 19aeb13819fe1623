"""Asking for a person: the hand-off, its fixed words, the staff card and the first timer."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.filters import CANCEL
from bot.core.moments import when
from bot.core.pings import callout_news
from bot.core.reasons import why
from bot.core.speech import Speaker, speaker
from bot.core.words import Key, minutes, own_or_fixed, say, template
from bot.domain.conversation import Conversation, Entry, Outcome, Timer, Turn
from bot.domain.handoff import Fallback, Handoff, Reason, Rung
from bot.domain.line import Line
from bot.domain.message import (
    Choice,
    Choices,
    Citation,
    HandoffCard,
    Outbound,
    Quote,
    Sources,
    Text,
)
from bot.domain.rules import Rule
from bot.domain.transitions import Act, advance

CALL = "call"
"""The `ref` of a rung's timer that is due to call it, not to end its wait."""
_LONG_WAIT = timedelta(hours=8)
_SUMMARY_LINES = 3
_SUMMARY_CHARS = 400
_SAID_LINES = 6
_SAID_CHARS = 300

_WORDS: dict[Reason, Key] = {
    "unknowns": "handed_over_unknowns",
    "fault": "handed_over_fault",
    "line_off": "handed_over_line",
    "line_shadow": "handed_over_line",
    "line_share": "handed_over_line",
}


def hand_over(
    turn: Turn,
    line: Line,
    reason: Reason,
    *,
    act: Act = "hand_over",
    rule: Rule | None = None,
) -> Outcome:
    """The outcome of a turn that asks for a person: a committed state change, never prose.

    The `rule` that calls, if one does, tells how urgently, which team, and in which words; a
    team's own ladder is called, where it has one.
    """
    rungs, fallback = _climbs(line, rule)
    handoff = Handoff(
        id=secrets.token_hex(8),
        reason=reason,
        opened_at=turn.now,
        ladder=rungs,
        fallback=fallback,
        summary=_summary(turn),
        tried=tuple(dict.fromkeys(one.title for one in _sources(turn.history))),
        priority=rule.priority if rule else "normal",
        rule=rule.name if rule else None,
        human_led=rule is not None and rule.human_led,
        csat=rule is None or rule.csat,
        customer=turn.event.sender.name,
        zone=turn.event.sender.zone,
        said=_said(turn),
        sources=_sources(turn.history),
    )
    waiting = advance(turn.conversation, act, now=turn.now, handoff=handoff)
    speak = speaker(turn, waiting)
    words = rule.words if rule else _WORDS.get(reason, "handed_over")
    opening = Text(text=called(words, line, waiting.language, turn.now))
    told = speak.parts(opening, _cancel(waiting), author="system")
    return Outcome(
        conversation=waiting,
        say=(told, *card(waiting, line, speak, first=True)),
        later=(rung_timer(waiting, turn.now),),
        decision=f"handoff_{reason}",
    )


def pressed(handoff: Handoff, line: Line, rule: Rule) -> Handoff:
    """A running call that a more pressing rule begins anew: its team's ladder, from below.

    It is a round of its own, so that whoever was called before is called again, once.
    """
    rungs, fallback = _climbs(line, rule)
    return replace(
        handoff,
        ladder=rungs,
        fallback=fallback,
        rung=0,
        round=handoff.round + 1,
        priority=rule.priority,
        rule=rule.name,
        human_led=handoff.human_led or rule.human_led,
        csat=handoff.csat and rule.csat,
    )


def called(words: str, line: Line, language: str, now: datetime) -> str:
    """What the customer is told of a call: a key of the catalogue, or an operator's own words.

    Out of hours it is when people are back, since words that promise minutes would not be true.
    """
    wait = minutes(line.expected_wait.total_seconds())
    help_line = line.help_line or say("help_line", language)
    back = line.hours.opens(now) if line.hours else None
    if line.hours is None or back is None or back <= now:
        return own_or_fixed(words, language, wait=wait, help_line=help_line)
    closed = say("handed_over_closed", language, back=when(back, now, line.hours.zone, language))
    helps = "{help_line}" in template(words, language)
    return f"{help_line} {closed}" if helps else closed


def card(
    conversation: Conversation, line: Line | None, speak: Speaker, *, first: bool = False
) -> tuple[Outbound, ...]:
    """The staff card, if there is a room for it, and news for who was called.

    The first one begins the hand-off's thread; all later ones change it, where it is.
    """
    handoff = conversation.handoff
    news = callout_news(conversation)
    thread = handoff.staff_thread if handoff else None
    room = replace(thread, thread=None) if thread else line.staff_room if line else None
    if room is None or handoff is None:
        return news
    part = HandoffCard(
        handoff=handoff.id,
        line=conversation.line,
        reason=handoff.reason,
        priority=handoff.priority,
        state=conversation.holder,
        summary=handoff.summary,
        owner=handoff.claimed_name,
        rule=handoff.rule,
        why=why(handoff.reason, handoff.rule),
        customer=handoff.customer,
        channel=conversation.address.channel,
        language=conversation.language,
        zone=handoff.zone,
        said=handoff.said,
        tried=handoff.sources,
        suggested=handoff.assist.suggestion if handoff.assist else None,
    )
    row = speak.parts(part, author="system", to=room)
    if first:
        return (replace(row, key=_card_key(handoff)), *news)
    target = thread.thread if thread else None
    return (replace(row, replaces=_card_key(handoff), target=target), *news)


def is_card_of(row: Outbound, handoff: Handoff) -> bool:
    """Whether a row is the card of a hand-off, or puts it right."""
    return _card_key(handoff) in (row.key, row.replaces)


def _card_key(handoff: Handoff) -> str:
    return f"card:{handoff.id}"


def rung_timer(conversation: Conversation, now: datetime) -> Timer:
    """When a ladder that begins is looked at: its first rung is to be called at once.

    Where nobody is called beyond the staff room, it is when that rung has waited long enough.
    """
    handoff = conversation.handoff
    if handoff is None or not handoff.ladder:
        raise ValueError("a waiting conversation has a hand-off with a ladder")
    if handoff.fallback is not None:
        return _timer(conversation, now, CALL)
    return call_timer(conversation, now, handoff.ladder[handoff.rung].wait)


def call_timer(conversation: Conversation, now: datetime, wait: timedelta) -> Timer:
    """When a rung that has been called has waited long enough."""
    return _timer(conversation, now + wait, "")


def _timer(conversation: Conversation, due_at: datetime, ref: str) -> Timer:
    return Timer(
        kind="rung",
        conversation=conversation.id,
        due_at=due_at,
        version=conversation.version,
        ref=ref,
    )


def next_rung(
    conversation: Conversation, line: Line | None, now: datetime, speak: Speaker
) -> Outcome:
    """Nobody has claimed within a rung: call the next one, or come to the end of the ladder."""
    handoff = conversation.handoff
    if handoff is None:
        raise ValueError("a waiting conversation has a hand-off")
    if handoff.rung + 1 < len(handoff.ladder):
        higher = replace(conversation, handoff=replace(handoff, rung=handoff.rung + 1))
        said = (speak.words("still_looking"), *card(higher, line, speak))
        later = call_timer(higher, now, handoff.ladder[handoff.rung + 1].wait)
        return Outcome(conversation=higher, say=said, later=(later,))
    ended = advance(conversation, "exhaust", now=now)
    said = (speak.words("exhausted"), *card(ended, line, speak))
    return Outcome(conversation=ended, say=said, decision="exhausted")


def _cancel(conversation: Conversation) -> Choices:
    """The one button that takes the request back."""
    label = say("cancel_request", conversation.language)
    return Choices(options=(Choice(label=label, value=CANCEL),))


def _climbs(line: Line, rule: Rule | None) -> tuple[tuple[Rung, ...], Fallback | None]:
    """The rungs that are called, and what is left after them where they call people."""
    team = rule.team if rule else None
    ladder = line.ladder_of(team)
    if ladder is not None:
        return ladder.rungs, ladder.fallback
    return _ladder(line if team is None else replace(line, team=team)), None


def _ladder(line: Line) -> tuple[Rung, ...]:
    first = Rung(team=line.team, means="room", wait=line.rung_wait)
    return (first, replace(first, wait=_LONG_WAIT))


def _summary(turn: Turn) -> str:
    """The customer's own last words: extracted, not rewritten."""
    said = [_words(e) for e in turn.history if e.author == "customer"]
    said.append(turn.event.text())
    lines = [words.strip() for words in said if words.strip()][-_SUMMARY_LINES:]
    text = "\n".join(dict.fromkeys(lines))
    return _short(text, _SUMMARY_CHARS)


def _sources(history: Sequence[Entry]) -> tuple[Citation, ...]:
    """What the bot answered with, each once."""
    cited = (
        citation
        for entry in history
        if entry.author == "bot"
        for part in entry.parts
        if isinstance(part, Sources)
        for citation in part.items
    )
    return tuple(dict.fromkeys(cited))


def _said(turn: Turn) -> tuple[Quote, ...]:
    """The last words of both, the message that calls among them."""
    before = [Quote(author=e.author, text=_words(e)) for e in turn.history if e.kind == "said"]
    said = [*before, Quote(author="customer", text=turn.event.text())]
    spoken = [one for one in said if one.text.strip()][-_SAID_LINES:]
    return tuple(replace(one, text=_short(one.text.strip(), _SAID_CHARS)) for one in spoken)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _words(entry: Entry) -> str:
    return "\n".join(p.text for p in entry.parts if isinstance(p, Text))
