"""What the turns before tell: the question that words may lean on, and what was offered."""

from collections.abc import Sequence

from bot.core.asking import Before
from bot.core.courtesy import courtesy
from bot.core.questions import is_long, leans
from bot.domain.conversation import Entry
from bot.domain.message import Choices, Citation, Sources

_KNOWN = ("answer", "choices", "composing", "answer_waiting")


def before(history: Sequence[Entry]) -> Before | None:
    """The last question, in full, if it was answered or offered something."""
    for place in range(len(history) - 1, -1, -1):
        entry = history[place]
        if entry.author != "customer":
            continue
        words = entry.text()
        if not words or courtesy(words) is not None:
            continue
        if entry.decision not in _KNOWN:
            return None
        cited = _cited(history[place + 1 :])
        if cited is not None and (leans(words) or is_long(words)):
            # Words that leaned themselves tell little; the title they led to tells all.
            words = cited.title
        return Before(question=words, article=cited.article if cited else None)
    return None


def offered(history: Sequence[Entry]) -> tuple[str, ...]:
    """The values of the buttons that the bot showed since the customer's last words."""
    values: tuple[str, ...] = ()
    for entry in history:
        if entry.author == "customer":
            values = ()
        for part in entry.parts:
            if isinstance(part, Choices):
                values = tuple(option.value for option in part.options)
    return values


def _cited(entries: Sequence[Entry]) -> Citation | None:
    """The last article that was shown in answer."""
    shown = [
        citation
        for entry in entries
        if entry.author == "bot"
        for part in entry.parts
        if isinstance(part, Sources)
        for citation in part.items
    ]
    return shown[-1] if shown else None
