"""How a talk is going: what was turned down, asked again, and how long nothing has helped."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

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
    helped = max((at + 1 for at in range(len(before)) if _helped(before, words, at)), default=0)
    stretch = range(helped, len(before))
    return Progress(
        turns=len(words),
        unknowns=max(
            turn.conversation.unknowns, sum(before[at].decision == "unknown" for at in stretch)
        ),
        rejected=any(_turned_down(before, words, at) for at in stretch),
        repeated=any(same(one, words[-1]) for one in words[:-1]),
        without_progress=1 + sum(before[at].decision != "courtesy" for at in stretch),
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
    for one in near:
        vector = (await reader.read(one)).vector
        pairs = zip(vector, turn.reading.vector, strict=False)
        if fsum(a * b for a, b in pairs) >= _SAME_COSINE:
            return True
    return False


async def rising_anger(turn: Turn, reading: Reading, reader: Reader) -> bool:
    """Whether the customer is angry, and no less so than the message before."""
    if reading.anger < _ANGRY:
        return False
    words = (_words(one) for one in reversed(turn.history) if one.author == "customer")
    last = next((one for one in words if one.strip()), None)
    return last is not None and reading.anger >= (await reader.read(last)).anger


def same(one: str, other: str) -> bool:
    """Whether two messages ask the same in nearly the same words."""
    first, second = content(one), content(other)
    if not first or not second or courtesy(other) is not None:
        return False
    return len(first & second) / len(first | second) >= _SAME_SHARE


def _helped(before: Sequence[Entry], words: Sequence[str], at: int) -> bool:
    """An answer helped if what follows neither turns it down nor asks the same again."""
    if before[at].decision not in ANSWERED:
        return False
    return not turns_down(words[at + 1]) and not same(words[at], words[at + 1])


def _turned_down(before: Sequence[Entry], words: Sequence[str], at: int) -> bool:
    return before[at].decision in ANSWERED and turns_down(words[at + 1])


def _words(entry: Entry) -> str:
    """What was written; a pressed button is no question asked again."""
    return "" if any(isinstance(part, Pressed) for part in entry.parts) else entry.text()


def _now(turn: Turn) -> str:
    return turn.event.text() if turn.event.kind == "message" else ""
