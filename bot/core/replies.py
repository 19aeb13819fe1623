"""The rows of an answer: the approved text, buttons that can be told apart, an honest unknown."""

from collections.abc import Sequence

from bot.core.filters import ARTICLE, NONE_OF_THESE, PERSON
from bot.core.questions import words_in
from bot.core.speech import Speaker, speaker
from bot.core.words import Key, base, language_name, say
from bot.domain.conversation import Conversation, Turn
from bot.domain.knowledge import Consultation, Passage
from bot.domain.line import Line
from bot.domain.message import Choice, Choices, Citation, Outbound, Sources, Text

_TOLD_APART_BY = 50


def answer_row(turn: Turn, passage: Passage, speak: Speaker | None = None) -> Outbound:
    """The approved text with its source, and a note where it is in another language."""
    return (speak or speaker(turn)).parts(*answer_parts(passage, turn.conversation.language))


def answer_parts(passage: Passage, language: str) -> tuple[Text | Sources, ...]:
    """The approved text, verbatim, and where it comes from.

    Before it a note, where it is in another language than the one they talk in.
    """
    citation = Citation(article=passage.article, title=passage.question, url=passage.url)
    approved = Text(text=passage.text), Sources(items=(citation,))
    if base(language) == base(passage.language):
        return approved
    tongue = language_name(passage.language)
    return Text(text=say("other_language", language, tongue=tongue)), *approved


def offer_row(
    turn: Turn, passages: Sequence[Passage], speak: Speaker | None = None, *, part: str = ""
) -> Outbound:
    """Near articles as buttons; `part` is the words of the message that they are about."""
    options = [
        *(
            Choice(label=label, value=f"{ARTICLE}{passage.article}")
            for label, passage in zip(labels(passages), passages, strict=True)
        ),
        Choice(label=say("none_of_these", turn.conversation.language), value=NONE_OF_THESE),
    ]
    choices = Choices(options=tuple(options))
    speak = speak or speaker(turn)
    if part:
        return speak.words("offered_part", choices, author="bot", part=part)
    return speak.words("choices", choices, author="bot")


def labels(passages: Sequence[Passage]) -> list[str]:
    """A label for each; questions that look alike are told apart by how their answers begin."""
    looks = [" ".join(words_in(one.question.casefold())) for one in passages]
    return [
        one.question if looks.count(look) == 1 else f"{one.question} ({_begins(one.text)})"
        for one, look in zip(passages, looks, strict=True)
    ]


def _begins(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= _TOLD_APART_BY:
        return plain
    return f"{plain[:_TOLD_APART_BY].rsplit(' ', 1)[0]}…"


def unknown_row(
    turn: Turn, found: Consultation | None = None, line: Line | None = None
) -> Outbound:
    """The words of not knowing; where the language may be why, they say so."""
    theirs = turn.reading.language
    foreign = theirs is not None and line is not None and theirs != base(line.language)
    served = found is not None and theirs in {base(one.language) for one in found.passages}
    if not foreign or served or line is None:
        return admitted(turn, "unknown")
    return admitted(turn, "unknown_language", tongue=language_name(line.language))


def admitted(turn: Turn, key: Key, speak: Speaker | None = None, **values: str) -> Outbound:
    """The honest words of not knowing, with a way to a person."""
    speak = speak or speaker(turn)
    return speak.words(key, person(turn.conversation), author="bot", **values)


def person(conversation: Conversation) -> Choices:
    """The one button that asks for a person."""
    label = say("talk_to_person", conversation.language)
    return Choices(options=(Choice(label=label, value=PERSON),))
