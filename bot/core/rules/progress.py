"""How a talk is going: what was turned down, asked again, and how long nothing has helped."""

from dataclasses import dataclass
from operator import mul

from bot.core.courtesy import courtesy
from bot.core.questions import content
from bot.core.rules.turning_down import only_turns_down, turns_down
from bot.domain.conversation import Entry, Turn
from bot.domain.message import Pressed
from bot.domain.ports import Reader
from bot.domain.reading import Reading

ANSWERED = ("answer", "composing", "answer_written", "answer_waiting")
"""Decisions that gave the customer an answer."""
_SAME_SHARE = 0.8
_SAME_COSINE = 0.85
_SAME_QUESTIONS = 2
"""Questions before that are compared by meaning: each may cost an encode."""
_ANGRY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What the turns before tell, as the rules name it; see `bot.domain.rules.VARIABLES`."""

    turns: int
    unknowns: int
    rejected: bool
    repeated: bool
    without_progress: int


def turns_down_answer(turn: Turn) -> bool:
    """Whether the words turn the answer before them down, and say nothing else."""
    last = next((one for one in reversed(turn.history) if one.author == "customer"), None)
    answered = last is not None and last.decision in ANSWERED
    return answered and only_turns_down(_now(turn))


def progress(turn: Turn) -> Progress:
    """The state of the talk at this message, from the transcript since the boundary."""
    before = [one for one in turn.history if one.author == "customer" and one.kind == "said"]
    words = [*(_words(one) for one in before), _now(turn)]
    asked = [content(one) for one in words]
    answered = [one.decision in ANSWERED for one in before]
    down = [then and turns_down(one) for then, one in zip(answered, words[1:], strict=True)]
    again = [then and _alike(*asked[at : at + 2]) for at, then in enumerate(answered)]
    helped = [one and not (down[at] or again[at]) for at, one in enumerate(answered)]
    since = max((at + 1 for at, one in enumerate(helped) if one), default=0)
    counted = sum(one.decision == "unknown" for one in before[since:])
    return Progress(
        turns=len(words),
        unknowns=max(turn.conversation.unknowns, counted),
        rejected=any(down[since:]),
        repeated=any(_alike(one, asked[-1]) for one in asked[:-1]) and not courtesy(words[-1]),
        without_progress=1 + sum(one.decision != "courtesy" for one in before[since:]),
    )


async def asked_again(turn: Turn, reader: Reader) -> bool:
    """Whether a question of before is asked again in other words, by their vectors.

    Only what shares a word with this one is looked at, and only the last few.
    """
    now = content(_now(turn))
    if not turn.reading.vector or not now:
        return False
    before = (_words(one) for one in reversed(turn.history) if one.author == "customer")
    near = [one for one in before if now & content(one)][:_SAME_QUESTIONS]
    if not near or courtesy(_now(turn)) is not None:
        return False
    for one in near:
        vector = (await reader.read(one)).vector
        if sum(map(mul, vector, turn.reading.vector)) >= _SAME_COSINE:
            return True
    return False


async def rising_anger(turn: Turn, reading: Reading, reader: Reader) -> bool:
    """Whether the customer is angry, and no less so than the message before."""
    if reading.anger < _ANGRY:
        return False
    words = (_words(one) for one in reversed(turn.history) if one.author == "customer")
    last = next((one for one in words if one.strip()), None)
    return last is not None and reading.anger >= (await reader.read(last, feelings=True)).anger


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two messages ask the same in nearly the same words."""
    return bool(one and other) and len(one & other) >= _SAME_SHARE * len(one | other)


def _words(entry: Entry) -> str:
    """What was written; a pressed button is no question asked again."""
    return "" if any(isinstance(part, Pressed) for part in entry.parts) else entry.text()


def _now(turn: Turn) -> str:
    return turn.event.text() if turn.event.kind == "message" else ""
