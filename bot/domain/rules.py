"""Rules that call a person: what a rule is, and what its condition may look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from bot.domain.handoff import Priority, Reason
from bot.domain.reading import Reading

Moment: TypeAlias = Literal["before", "after"]
"""Before answering, or once it is decided what to answer."""
Value: TypeAlias = float | int | bool | str | tuple[str, ...]
ValueType: TypeAlias = Literal["double", "int", "bool", "string", "list(string)"]

PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""The lowest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a person is called, which team, how urgently, and what the customer is told.

    `when` is a condition in CEL over `VARIABLES`. `words` is a key of the catalogue or a sentence
    of one's own, in which {wait} and {help_line} are filled in. `human_led`: the bot says nothing
    of its own about this, neither now nor while the person is awaited. `csat`: the customer may
    be asked afterwards how content they were. `lines` are those it is for; none named means all.
    `answer_first`: an approved answer is said before the call; a message that only asks for
    information, and gets one, is offered a person instead of calling one.
    """

    name: str
    when: str
    priority: Priority = "normal"
    team: str | None = None
    words: str = "handed_over"
    human_led: bool = False
    answer_first: bool = False
    csat: bool = True
    lines: tuple[str, ...] = ()
    reason: Reason = "rule"

    def is_for(self, line: str) -> bool:
        return not self.lines or line in self.lines

    @property
    def waits(self) -> bool:
        """Whether what is answered comes before it; never for what is a person's alone."""
        return self.answer_first and not self.human_led


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a turn; `decided` has what was decided, None before that."""

    reading: Reading = field(default_factory=Reading)
    turns: int = 1
    unknowns: int = 0
    rejected: bool = False
    repeated: bool = False
    without_progress: int = 1
    only_asks: bool = False
    rising_anger: bool = False
    skill_name: str = ""
    skill_failed: bool = False
    contact_tags: tuple[str, ...] = ()
    line_name: str = ""
    line_audience: str = "customers"
    line_unknowns: int = 2
    channel: str = ""
    hours_open: bool = True
    decided: "Decided | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What is about to be answered, and the best article for it."""

    decision: str
    confidence: float = 0.0
    article: str = ""
    human_led: bool = False
    verbatim: bool = False


_NOTHING = Decided(decision="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One thing that a condition may look at, and where its value comes from.

    `moment` "after": it is known only once it is decided what to answer.
    """

    name: str
    type: ValueType
    meaning: str
    value: Callable[[Facts], Value]
    moment: Moment = "before"


def _reading(name: str, meaning: str) -> Variable:
    def value(facts: Facts) -> float:
        read: float | None = getattr(facts.reading, name)
        return read or 0.0

    return Variable(name=f"reading.{name}", type="double", meaning=meaning, value=value)


def _decided(facts: Facts) -> Decided:
    return facts.decided or _NOTHING


VARIABLES: tuple[Variable, ...] = (
    _reading("wants_human", "asks for a person; 0.0 to 1.0, as all readings but sentiment"),
    _reading("self_harm", "speaks of harming or killing themselves"),
    _reading("distress", "is in distress, self-harm apart"),
    _reading("anger", "is angry"),
    _reading("complaint", "complains"),
    _reading("sentiment", "-1.0 bad to 1.0 good; 0.0 where the line switches it off"),
    _reading("billing_dispute", "disputes a charge or a bill"),
    _reading("fraud", "speaks of fraud or theft"),
    _reading("legal_threat", "threatens with lawyers, courts or authorities"),
    _reading("privacy_request", "wants personal data shown, corrected or deleted"),
    _reading("harassment", "is harassed, or harasses"),
    _reading("safety", "speaks of danger to life or limb"),
    Variable(name="reading.language", type="string",
             meaning='code of the message\'s language, "" where it is not sure',
             value=lambda f: f.reading.language or ""),
    Variable(name="decision", type="string", moment="after",
             meaning='`"answer"`, `"choices"`, `"unknown"`, `"courtesy"`, `"rejected"` (an answer '
                     'was turned down and nothing else asked) or `"media"`',
             value=lambda f: _decided(f).decision),
    Variable(name="confidence", type="double", moment="after",
             meaning="how sure the library is of its best article, 0.0 to 1.0",
             value=lambda f: _decided(f).confidence),
    Variable(name="article.id", type="string", moment="after",
             meaning='the best article, "" where there is none',
             value=lambda f: _decided(f).article),
    Variable(name="article.human_led", type="bool", moment="after",
             meaning="an article of the answer is marked `human_led`",
             value=lambda f: _decided(f).human_led),
    Variable(name="article.verbatim", type="bool", moment="after",
             meaning="the best article is marked `verbatim_only`",
             value=lambda f: _decided(f).verbatim),
    Variable(name="turns", type="int",
             meaning="the customer's turns since the talk began or a person handed it back, this "
                     "one counted; at most those of the last 20 lines",
             value=lambda f: f.turns),
    Variable(name="unknowns", type="int",
             meaning="how often the bot did not know since the last answer that was accepted; "
                     "beside `decision` this one is counted",
             value=lambda f: f.unknowns),
    Variable(name="rejected", type="bool",
             meaning='an answer was turned down ("that\'s not what I asked", "no", 👎) since the '
                     "last one that was accepted, or is by this message",
             value=lambda f: f.rejected),
    Variable(name="repeated", type="bool", meaning="the same question was asked before",
             value=lambda f: f.repeated),
    Variable(name="without_progress", type="int",
             meaning="turns since the last answer that was accepted, this one counted",
             value=lambda f: f.without_progress),
    Variable(name="only_asks", type="bool",
             meaning='only asks for information ("how do I delete my account?"): tells of nothing '
                     "that happened and wants nothing done; plain English questions alone",
             value=lambda f: f.only_asks),
    Variable(name="rising_anger", type="bool",
             meaning="is angry, and no less so than in the message before",
             value=lambda f: f.rising_anger),
    Variable(name="skill.name", type="string", meaning='the task the bot is at, "" for none',
             value=lambda f: f.skill_name),
    Variable(name="skill.failed", type="bool", meaning="that task has failed twice",
             value=lambda f: f.skill_failed),
    Variable(name="contact.tags", type="list(string)",
             meaning="the tags that `[contacts]` gives whoever writes",
             value=lambda f: f.contact_tags),
    Variable(name="contact.vip", type="bool", meaning='they have the tag "vip"',
             value=lambda f: "vip" in f.contact_tags),
    Variable(name="line.name", type="string", meaning="the line", value=lambda f: f.line_name),
    Variable(name="line.audience", type="string", meaning='`"customers"` or `"employees"`',
             value=lambda f: f.line_audience),
    Variable(name="line.unknowns_before_handoff", type="int", meaning="that setting of the line",
             value=lambda f: f.line_unknowns),
    Variable(name="channel", type="string", meaning='where they write: `"web"`, …',
             value=lambda f: f.channel),
    Variable(name="hours.open", type="bool", meaning="within the working hours of the line",
             value=lambda f: f.hours_open),
)  # fmt: skip
"""All that a condition may look at. `deploy/README.md` has the same table."""


def values_of(facts: Facts) -> Mapping[str, Value]:
    """The value of every variable."""
    return {one.name: one.value(facts) for one in VARIABLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a rule: whether it fires, or why it could not be told."""

    rule: Rule
    fires: bool
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All rules of one moment of a turn, in their order, and the one that wins, if any calls.

    `offered` is one that fires, but leaves it at an answer and the offer of a person.
    """

    moment: Moment
    facts: Facts
    verdicts: tuple[Verdict, ...]
    winner: Rule | None
    offered: Rule | None = None

    @property
    def firing(self) -> tuple[Rule, ...]:
        """The rules that fire, in their order."""
        return tuple(one.rule for one in self.verdicts if one.fires)
