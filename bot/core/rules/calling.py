"""What a rule that fires does to a turn: a person is called before, or beside, an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.escalation import called, card, hand_over
from bot.core.lines import Lines
from bot.core.replies import answer_row
from bot.core.router import Handler
from bot.core.rules.book import Judged, RuleBook
from bot.core.rules.progress import ANSWERED, asked_again, progress, rising_anger
from bot.core.speech import speaker
from bot.domain.conversation import Outcome, Turn
from bot.domain.handoff import Priority
from bot.domain.line import Line
from bot.domain.message import Outbound, Text
from bot.domain.ports import Reader
from bot.domain.rules import PRIORITIES, Decided, Facts, Rule

_SKILL_FAILS = 2
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

    def before(self, facts: Facts, *, above: Priority | None = None) -> Rule | None:
        """The rule that fires on what is known before answering, if it presses more than that."""
        judgement = self.book.judge(facts, "before")
        if above is not None and judgement.winner and not _presses(judgement.winner, above):
            judgement = replace(judgement, winner=None)
        self.told(judgement)
        return judgement.winner

    def after(self, facts: Facts, outcome: Outcome) -> Rule | None:
        """The rule that fires on what is about to be answered."""
        unknowns = max(facts.unknowns + (outcome.decision == "unknown"),
                       outcome.conversation.unknowns)  # fmt: skip
        decided = replace(facts, unknowns=unknowns, decided=_decided(outcome))
        judgement = self.book.judge(decided, "after")
        self.told(judgement)
        return judgement.winner


class Ruled:
    """The turns that the bot would answer, as long as no rule calls a person."""

    def __init__(self, judge: Judge, inner: Handler) -> None:
        self._judge = judge
        self._inner = inner

    async def __call__(self, turn: Turn) -> Outcome:
        line = self._judge.lines.named(turn.conversation.line)
        facts = await self._judge.facts(turn)
        rule = self._judge.before(facts)
        if rule is not None:
            return hand_over(turn, line, rule.reason, rule=rule)
        outcome = await self._inner(turn)
        if outcome.conversation.holder != "bot":
            return outcome
        rule = self._judge.after(facts, outcome)
        return outcome if rule is None else _beside(turn, line, rule, outcome)


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
        rule = self._judge.after(await self._judge.facts(turn), outcome)
        return outcome if rule is None else hand_over(turn, line, rule.reason, rule=rule)


class StillRuled:
    """While a person is awaited, a more pressing rule makes the call more pressing."""

    def __init__(self, judge: Judge, inner: Handler) -> None:
        self._judge = judge
        self._inner = inner

    async def __call__(self, turn: Turn) -> Outcome:
        handoff = turn.conversation.handoff
        line = self._judge.lines.find(turn.conversation.line)
        if line is None or handoff is None or turn.event.kind != "message":
            return await self._inner(turn)
        rule = self._judge.before(await self._judge.facts(turn), above=handoff.priority)
        if rule is None:
            return await self._inner(turn)
        pressing = replace(
            handoff,
            priority=rule.priority,
            rule=rule.name,
            human_led=handoff.human_led or rule.human_led,
        )
        held = replace(turn.conversation, handoff=pressing)
        outcome = await self._inner(replace(turn, conversation=held))
        speak = speaker(replace(turn, event=replace(turn.event, key=f"rule:{turn.event.key}")))
        told = speak.parts(
            Text(text=called(rule.words, line, held.language, turn.now)), author="system"
        )
        said = (*outcome.say, told, *card(held, line, speak))
        return replace(outcome, say=said)


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


def _beside(turn: Turn, line: Line, rule: Rule, outcome: Outcome) -> Outcome:
    """The call, after the answer where there is one and the topic is not a person's alone."""
    after = replace(
        turn, conversation=replace(turn.conversation, language=outcome.conversation.language)
    )
    call = hand_over(after, line, rule.reason, rule=rule)
    if rule.human_led or outcome.decision not in ANSWERED:
        return call
    rows = outcome.say or (answer_row(after, outcome.found[0]),)
    version = call.conversation.version
    answered = tuple(_first(row, version) for row in rows)
    return replace(call, say=(*answered, *call.say))


def _first(row: Outbound, version: int) -> Outbound:
    """A row of the answer, said by the version that calls, its key apart from the call's."""
    return replace(row, key=f"0{row.key}", holder_version=version)
