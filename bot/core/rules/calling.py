"""What a rule that fires does: a person is called before or beside an answer, or offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.escalation import called, card, hand_over, pressed, rung_timer
from bot.core.lines import Lines
from bot.core.replies import answer_row, person
from bot.core.router import Handler
from bot.core.rules.book import Judged, RuleBook
from bot.core.rules.only_asks import only_asks
from bot.core.rules.progress import ANSWERED, asked_again, progress, rising_anger
from bot.core.speech import speaker
from bot.domain.conversation import Outcome, Turn
from bot.domain.errors import KnowledgeError
from bot.domain.handoff import Priority
from bot.domain.line import Line
from bot.domain.message import Outbound, Text
from bot.domain.ports import Reader
from bot.domain.rules import PRIORITIES, Decided, Facts, Judgement, Rule

_SKILL_FAILS = 2
_SURE = 0.8
"""The confidence of an answer that is said before a call: a report must not read a stray one."""
_SHORT = {"composing": "answer", "answer_written": "answer", "answer_waiting": "answer"}


def unheard(_judgement: object) -> None:
    """Nobody counts what rules do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The rules, and what it takes to find the facts that they are held against."""

    book: RuleBook
    reader: Reader
    lines: Lines
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: Judged = unheard

    async def facts(self, turn: Turn) -> Facts:
        """What is known of a turn before it is decided what to answer."""
        held, line = turn.conversation, self.lines.named(turn.conversation.line)
        going, pending = progress(turn), held.pending
        return Facts(
            reading=turn.reading,
            turns=going.turns,
            unknowns=going.unknowns,
            rejected=going.rejected,
            repeated=going.repeated or await asked_again(turn, self.reader),
            without_progress=going.without_progress,
            only_asks=turn.event.kind == "message" and only_asks(turn.event.text()),
            rising_anger=await rising_anger(turn, turn.reading, self.reader),
            skill_name=pending.skill if pending else "",
            skill_failed=pending is not None and pending.failures >= _SKILL_FAILS,
            contact_tags=self.tags.get(turn.event.sender.handle, ()),
            line_name=line.name,
            line_audience=line.audience,
            line_unknowns=line.unknowns_before_handoff,
            channel=turn.event.address.channel,
            hours_open=line.hours is None or line.hours.open_at(turn.now),
        )

    def before(self, facts: Facts) -> Judgement:
        """What fires on what is known before answering."""
        return self.book.judge(facts, "before")

    def pressing(self, facts: Facts, above: Priority) -> Rule | None:
        """The rule that fires before answering, if it presses more than that."""
        judgement = self.before(facts)
        if judgement.winner and not _presses(judgement.winner, above):
            judgement = replace(judgement, winner=None)
        self.told(judgement)
        return judgement.winner

    def after(self, facts: Facts, outcome: Outcome) -> Judgement:
        """What fires on what is about to be answered."""
        unknowns = max(facts.unknowns + (outcome.decision == "unknown"),
                       outcome.conversation.unknowns)  # fmt: skip
        decided = replace(facts, unknowns=unknowns, decided=_decided(outcome))
        judgement = self.book.judge(decided, "after")
        self.told(judgement)
        return judgement


class Ruled:
    """The turns that the bot would answer, as long as no rule calls a person."""

    def __init__(self, judge: Judge, inner: Handler) -> None:
        self._judge = judge
        self._inner = inner

    async def __call__(self, turn: Turn) -> Outcome:
        line = self._judge.lines.named(turn.conversation.line)
        facts = await self._judge.facts(turn)
        judged = self._judge.before(facts)
        if judged.winner is None:
            outcome = await self._inner(turn)
        elif (first := await self._first(turn, judged)) is not None:
            outcome = first
        else:
            self._judge.told(judged)
            return hand_over(turn, line, judged.winner.reason, rule=judged.winner)
        self._judge.told(replace(judged, winner=None))
        if outcome.conversation.holder != "bot":
            return outcome
        judged = self._judge.after(facts, outcome)
        if judged.offered is not None:
            return _with_offer(turn, outcome)
        return outcome if judged.winner is None else _beside(turn, line, judged, outcome)

    async def _first(self, turn: Turn, judged: Judgement) -> Outcome | None:
        """What is decided to answer before the call; None where the call comes first."""
        if not all(rule.waits for rule in judged.firing):
            return None
        try:
            outcome = await self._inner(turn)
        except KnowledgeError:  # nobody needs the library to be sent to a person
            return None
        return outcome if outcome.conversation.holder == "bot" else None


class RuledResult:
    """What a writer has written was judged when it was asked; that it has nothing is new."""

    def __init__(self, judge: Judge, inner: Handler) -> None:
        self._judge = judge
        self._inner = inner

    async def __call__(self, turn: Turn) -> Outcome:
        outcome = await self._inner(turn)
        line = self._judge.lines.find(turn.conversation.line)
        if outcome.decision != "unknown" or line is None:
            return outcome
        rule = self._judge.after(await self._judge.facts(turn), outcome).winner
        return outcome if rule is None else hand_over(turn, line, rule.reason, rule=rule)


class StillRuled:
    """While a person is awaited, a more pressing rule begins the call anew, more pressing."""

    def __init__(self, judge: Judge, inner: Handler) -> None:
        self._judge = judge
        self._inner = inner

    async def __call__(self, turn: Turn) -> Outcome:
        handoff = turn.conversation.handoff
        line = self._judge.lines.find(turn.conversation.line)
        if line is None or handoff is None or turn.event.kind != "message":
            return await self._inner(turn)
        rule = self._judge.pressing(await self._judge.facts(turn), handoff.priority)
        if rule is None:
            return await self._inner(turn)
        held = replace(turn.conversation, handoff=pressed(handoff, line, rule))
        outcome = await self._inner(replace(turn, conversation=held))
        speak = speaker(replace(turn, event=replace(turn.event, key=f"rule:{turn.event.key}")))
        told = speak.parts(
            Text(text=called(rule.words, line, held.language, turn.now)), author="system"
        )
        said = (*outcome.say, told, *card(held, line, speak))
        return replace(outcome, say=said, later=(*outcome.later, rung_timer(held, turn.now)))


def _presses(rule: Rule, priority: Priority) -> bool:
    return PRIORITIES.index(rule.priority) > PRIORITIES.index(priority)


def _decided(outcome: Outcome) -> Decided:
    best = outcome.found[0] if outcome.found else None
    return Decided(
        decision=_SHORT.get(outcome.decision, outcome.decision),
        confidence=outcome.confidence,
        article=best.article if best else "",
        human_led=outcome.decision in ANSWERED and any(one.human_led for one in outcome.found),
        verbatim=best is not None and best.verbatim_only,
    )


def _beside(turn: Turn, line: Line, judged: Judgement, outcome: Outcome) -> Outcome:
    """The call, after the answer where there is one and the topic is not a person's alone."""
    rule = judged.winner
    if rule is None:
        return outcome
    after = _in_its_language(turn, outcome)
    call = hand_over(after, line, rule.reason, rule=rule)
    unsure = rule.waits and outcome.confidence < _SURE
    if outcome.decision not in ANSWERED or unsure or any(one.human_led for one in judged.firing):
        return call
    version = call.conversation.version
    answered = tuple(_first(row, version) for row in _approved(after, outcome))
    return replace(call, say=(*answered, *call.say))


def _with_offer(turn: Turn, outcome: Outcome) -> Outcome:
    """The approved answer, and a button that asks for a person beside it."""
    after = _in_its_language(turn, outcome)
    held = replace(outcome.conversation, unknowns=0)
    event = replace(turn.event, key=f"offer:{turn.event.key}")
    offer = speaker(replace(turn, event=event, conversation=held)).words(
        "person_offered", person(held), author="bot"
    )
    said = (*_approved(after, outcome), offer)
    return replace(outcome, conversation=held, say=said, later=(), decision="answer")


def _approved(turn: Turn, outcome: Outcome) -> tuple[Outbound, ...]:
    """The answer in its approved words, also where it would have been written anew."""
    return outcome.say or (answer_row(turn, outcome.found[0]),)


def _in_its_language(turn: Turn, outcome: Outcome) -> Turn:
    language = outcome.conversation.language
    return replace(turn, conversation=replace(turn.conversation, language=language))


def _first(row: Outbound, version: int) -> Outbound:
    """A row of the answer, said by the version that calls, its key apart from the call's."""
    return replace(row, key=f"0{row.key}", holder_version=version)
