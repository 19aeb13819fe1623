"""How content the customer was with the person: asked once after a hand-off, and never pressed.

The question is open for a while after a close. A score is a pressed button or a number alone; any
other words are a message like every other. A comment is taken only after its button was pressed.
"""

import re
from dataclasses import replace
from datetime import datetime

from bot.core.filters import PERSON, pressed_in
from bot.core.speech import IGNORED, Speaker, speaker
from bot.core.words import Key, say
from bot.domain.conversation import Conversation, Outcome, Timer, Turn
from bot.domain.line import Line
from bot.domain.message import Choice, Choices, Inbound, Outbound
from bot.domain.reading import Reading
from bot.domain.results import HIGHEST, LOWEST, Rating, Survey

CSAT = "csat:"
"""Values of the buttons of a survey start with this: the hand-off and the answer follow."""
_COMMENT, _NO = "comment", "no"
_STEPS = (_COMMENT, _NO)
"""What a number means after the score, where buttons are read as a numbered list."""
_CONTENT = 3
"""Whoever gives less is offered a person again."""
_NUMBER = re.compile(
    r"\s*([1-5])\ufe0f?\u20e3?\s*(?:/\s*5|(?:out )?of 5|stars?)?\s*[.!]?\s*", re.IGNORECASE
)
_COUNTS = 0.5
_CALLS = ("wants_human", "self_harm", "distress", "safety")
"""Readings that make a comment a message like every other, so that it calls somebody."""


def asked(outcome: Outcome, line: Line | None, speak: Speaker, now: datetime) -> Outcome:
    """A close, with the question where it may be asked: of who had a person, and not in need."""
    closed = outcome.conversation
    handoff = closed.handoff
    if line is None or not line.csat or handoff is None or not handoff.csat:
        return outcome
    if handoff.claimed_by is None or (closed.survey and closed.survey.handoff == handoff.id):
        return outcome
    survey = Survey(handoff=handoff.id, expires_at=now + line.csat_window)
    row = speak.words("csat", _scores(handoff.id), name=handoff.claimed_name or line.title)
    expires = Timer(
        kind="survey",
        conversation=closed.id,
        due_at=survey.expires_at,
        version=closed.version,
        ref=handoff.id,
    )
    return replace(
        outcome,
        conversation=replace(closed, survey=survey),
        say=(*outcome.say, row),
        later=(*outcome.later, expires),
    )


def spared(held: Conversation, reading: Reading) -> Conversation:
    """Whoever is in distress while a person is there, or awaited, is not asked afterwards."""
    handoff = held.handoff
    if handoff is None or max(reading.self_harm, reading.distress) < _COUNTS:
        return held
    return replace(held, handoff=replace(handoff, csat=False))


def expired(held: Conversation, timer: Timer) -> Outcome | None:
    """Its time is over: what is pressed from now on is too late."""
    if held.survey is None or held.survey.handoff != timer.ref:
        return None
    return Outcome(conversation=replace(held, survey=None), decision="csat_expired")


def answers(known: Conversation, event: Inbound, reading: Reading, now: datetime) -> bool:
    """Whether an event belongs to the survey of a closed conversation, and reopens nothing."""
    if event.kind == "pressed":
        return (pressed_in(event) or "").startswith(CSAT)
    survey = known.survey
    if event.kind != "message" or known.holder != "closed" or survey is None:
        return False
    if not survey.is_open(now) or not event.text().strip():
        return False
    if survey.commenting:
        return all(getattr(reading, one) < _COUNTS for one in _CALLS)
    number = _NUMBER.fullmatch(event.text())
    if survey.score is None or number is None:
        return number is not None
    return int(number[1]) in (*range(1, len(_STEPS) + 1), survey.score)


def is_answer(turn: Turn) -> bool:
    """The filter of its route."""
    return answers(turn.conversation, turn.event, turn.reading, turn.now)


async def answered(turn: Turn) -> Outcome:
    """Keep what the customer answered. A button of somebody else's survey is not theirs."""
    survey = turn.conversation.survey
    value = pressed_in(turn.event)
    if value is None:  # `is_answer` has seen to it that there is an open survey
        return _ignored(turn) if survey is None else _in_words(turn, survey)
    handoff, _, answer = value.removeprefix(CSAT).rpartition(":")
    if survey is None or survey.handoff != handoff or not survey.is_open(turn.now):
        return _too_late(turn)
    return _pressed(turn, survey, answer)


def _pressed(turn: Turn, survey: Survey, answer: str) -> Outcome:
    if answer == _NO and survey.score is not None:
        return _outcome(turn, None, speaker(turn).words("csat_done"))
    if answer == _COMMENT and survey.score is not None:
        row = speaker(turn).words("csat_comment")
        return _outcome(turn, replace(survey, commenting=True), row)
    return _scored(turn, survey, answer)


def _in_words(turn: Turn, survey: Survey) -> Outcome:
    """A comment, or a number that stands for a button."""
    if survey.commenting and survey.score is not None:
        return _commented(turn, survey, survey.score)
    number = turn.event.text().strip()[:1]
    if survey.score is None:
        return _scored(turn, survey, number)
    step = int(number) - 1
    return _pressed(turn, survey, _STEPS[step]) if step < len(_STEPS) else _ignored(turn)


def _scored(turn: Turn, survey: Survey, answer: str) -> Outcome:
    score = int(answer) if answer in "12345" and len(answer) == 1 else 0
    if not LOWEST <= score <= HIGHEST:
        return _too_late(turn)
    if survey.score is not None:  # the first press counts; the same one again is a double click
        return _ignored(turn) if survey.score == score else _too_late(turn)
    key: Key = "csat_thanks" if score >= _CONTENT else "csat_sorry"
    row = speaker(turn).words(key, _more(turn.conversation, survey.handoff, sorry=score < _CONTENT))
    rating = _rating(turn, survey, score)
    return _outcome(turn, replace(survey, score=score), row, rating)


def _commented(turn: Turn, survey: Survey, score: int) -> Outcome:
    rating = replace(_rating(turn, survey, score), comment=turn.event.text())
    return _outcome(turn, None, speaker(turn).words("csat_noted"), rating)


def _too_late(turn: Turn) -> Outcome:
    """A question that is closed, of an older talk, or of somebody else: refused with words."""
    if turn.conversation.revision == 0 or turn.conversation.holder in ("waiting", "human"):
        return _ignored(turn)  # nobody is there to be told, or somebody else is talking
    row = speaker(turn).words("csat_over")
    return Outcome(conversation=turn.conversation, say=(row,), decision="csat_over")


def _ignored(turn: Turn) -> Outcome:
    return Outcome(conversation=turn.conversation, decision=IGNORED)


def _outcome(turn: Turn, survey: Survey | None, row: Outbound, *results: Rating) -> Outcome:
    """The answer is history at once: the bot's context starts after it."""
    held = replace(turn.conversation, survey=survey)
    if held.holder == "closed":
        held = replace(held, boundary=turn.now)
    return Outcome(conversation=held, say=(row,), decision="csat", results=results)


def _rating(turn: Turn, survey: Survey, score: int) -> Rating:
    conversation = turn.conversation
    return Rating(
        handoff=survey.handoff,
        conversation=conversation.id,
        line=conversation.line,
        score=score,
        at=turn.now,
    )


def _scores(handoff: str) -> Choices:
    scores = (str(n) for n in range(LOWEST, HIGHEST + 1))
    return Choices(options=tuple(Choice(label=n, value=f"{CSAT}{handoff}:{n}") for n in scores))


def _more(conversation: Conversation, handoff: str, *, sorry: bool) -> Choices:
    language = conversation.language
    comment = Choice(
        label=say("csat_comment_button", language), value=f"{CSAT}{handoff}:{_COMMENT}"
    )
    person = Choice(label=say("talk_to_person", language), value=PERSON)
    no = Choice(label=say("csat_no_button", language), value=f"{CSAT}{handoff}:{_NO}")
    return Choices(options=(comment, no, person) if sorry else (comment, no))
