"""Reads transcripts again: what customers asked, and what became of each question."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.filters import ARTICLE, NONE_OF_THESE
from bot.core.rules.turning_down import only_turns_down
from bot.domain.conversation import Entry
from bot.domain.feedback import feedback_of
from bot.domain.knowledge import Fate, Heard
from bot.domain.message import Choices, Pressed, Sources

_FATES: dict[str, Fate] = {
    "answer": "answered",
    "answer_waiting": "answered",
    "composing": "answered",
    "choices": "offered",
    "unknown": "unknown",
    "handoff_unknowns": "unknown",
    "handoff_asked": "person",
}


def heard_in(entries: Sequence[Entry]) -> list[Heard]:
    """The questions of one transcript, in order; presses and courtesies are none."""
    found: list[Heard] = []
    for entry in entries:
        if entry.kind != "said" or entry.replaces is not None:
            continue
        if entry.author == "customer":
            _customer(found, entry)
        elif entry.author == "bot" and found:
            found[-1] = _shown(found[-1], entry)
        elif entry.author == "staff" and found:
            _person(found, entry)
    return found


def _customer(found: list[Heard], entry: Entry) -> None:
    pressed = next((part.value for part in entry.parts if isinstance(part, Pressed)), None)
    if pressed is not None:
        said = feedback_of(pressed)
        if said is not None and not said.useful:
            _refused(found, said.article)
        elif found and found[-1].fate == "offered":
            found[-1] = _chosen(found[-1], pressed)
        return
    fate = _FATES.get(entry.decision or "")
    words = entry.text().strip()
    if found and only_turns_down(words):
        found[-1] = replace(found[-1], refused=True)
    elif fate is not None and words:
        found.append(Heard(text=words, fate=fate, at=entry.at))


def _refused(found: list[Heard], article: str) -> None:
    """The last question that was answered with the article was answered badly."""
    for place in range(len(found) - 1, -1, -1):
        if article in found[place].articles:
            found[place] = replace(found[place], refused=True)
            return


def _chosen(heard: Heard, value: str) -> Heard:
    if value == NONE_OF_THESE:
        return replace(heard, refused=True)
    if value.startswith(ARTICLE) and heard.chosen is None:
        return replace(heard, chosen=value.removeprefix(ARTICLE))
    return heard


def _shown(heard: Heard, entry: Entry) -> Heard:
    """With the articles that this line of the bot shows."""
    shown: list[str] = []
    for part in entry.parts:
        if isinstance(part, Sources):
            shown += [item.article for item in part.items]
        elif isinstance(part, Choices):
            values = (option.value for option in part.options)
            shown += [v.removeprefix(ARTICLE) for v in values if v.startswith(ARTICLE)]
    return replace(heard, articles=tuple(dict.fromkeys((*heard.articles, *shown))))


def _person(found: list[Heard], entry: Entry) -> None:
    """A person's first words answer the last question that the bot did not."""
    words = entry.text().strip()
    for place in range(len(found) - 1, -1, -1):
        heard = found[place]
        if heard.told is not None:
            return
        if words and (heard.fate == "unknown" or heard.refused):
            found[place] = replace(heard, told=words)
            return
