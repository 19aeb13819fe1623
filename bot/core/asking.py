"""Asks the library about a message as a person would mean it: parts, slips, stories, what leans.

A question that stands alone costs one consultation. Only what the library does not know, or
what looks like several questions, is looked at again.
"""

from dataclasses import dataclass, replace

from bot.core.courtesy import without_courtesy
from bot.core.finds import OFFERED, Asked
from bot.core.questions import Split, content, fits, is_long, leans, points_back, several, windows
from bot.core.tongues import foreign, joined, open_in, same_tongues
from bot.domain.knowledge import Consultation, Decision, Passage
from bot.domain.ports import Library, Reader
from bot.domain.reading import Reading

__all__ = ["Asked", "Asking", "Before", "Where"]

_BANDS = {"answer": 2, "choices": 1, "unknown": 0}
_MOST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Where:
    """A knowledge base, and the line whose customers ask; without one, nothing is hidden."""

    kb: str
    line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The turn before: the customer's question in full, and the article that answered it."""

    question: str
    article: str | None = None


class Asking:
    """Finds what a message asks. Every distinct text is encoded once."""

    def __init__(self, library: Library, reader: Reader) -> None:
        self._library = library
        self._reader = reader

    async def ask(
        self,
        where: Where,
        text: str,
        reading: Reading,
        before: Before | None = None,
        *,
        usual: str | None = None,
    ) -> tuple[Asked, ...]:
        """The questions of a message, at least one, in order. Raises `KnowledgeError`.

        `reading.language` is the language to answer in. What is not answered in it is asked in
        the `usual` one as well, where that is another.
        """
        theirs = await self._ask(where, text, reading, before)
        language = reading.language
        if usual is None or language is None or not open_in(theirs, language, usual):
            return theirs
        others = await self._ask(where, text, replace(reading, language=usual), before)
        if same_tongues(theirs, others) or foreign(others, language, usual):
            return theirs
        if foreign(theirs, language, usual):
            return joined(others, theirs)
        return joined(theirs, others)

    async def _ask(
        self, where: Where, text: str, reading: Reading, before: Before | None
    ) -> tuple[Asked, ...]:
        work = _Work(self._library, self._reader, where, reading.language)
        if is_long(text):
            return await work.story(text, reading)
        whole = Asked(text=text, how="said", found=await work.consult(text, reading))
        split = several(text)
        if split is not None and (parts := await work.parts(split, whole)):
            return parts
        return (await work.closer(whole, before),)


class _Work:
    """The consultations about one message."""

    def __init__(
        self, library: Library, reader: Reader, where: Where, language: str | None
    ) -> None:
        self._library = library
        self._reader = reader
        self._where = where
        self._language = language

    async def consult(self, text: str, reading: Reading | None = None) -> Consultation:
        if reading is None:
            reading = await self._reader.read(text)
        reading = replace(reading, language=self._language)
        where = self._where
        return await self._library.consult(where.kb, text, reading, where.line)

    async def closer(self, asked: Asked, before: Before | None) -> Asked:
        """A better find for what is not known as it stands; itself where there is none."""
        if asked.found.decision == "answer":
            return asked
        mended = await self._library.mend(self._where.kb, without_courtesy(asked.text))
        if mended != asked.text:
            other = Asked(text=mended, how="mended", found=await self.consult(mended))
            if _better(other, asked):
                asked = other
        if asked.found.decision == "answer" or before is None or not leans(asked.text):
            return asked
        return await self._leaning(asked, before)

    async def _leaning(self, asked: Asked, before: Before) -> Asked:
        text = f"{before.question} {asked.text}"
        found = await self.consult(text)
        if found.decision == "answer":
            best = found.passages[0]
            if best.article != before.article or _speaks_of(best, asked.text):
                return Asked(text=text, how="leaning", found=found)
        # The words before outweigh the few new ones: what they find by themselves is no answer,
        # and an offer only where the new words say that they belong to them.
        if asked.found.decision == "choices" or not points_back(asked.text):
            return asked
        band: Decision = "choices" if found.decision == "answer" else found.decision
        return Asked(text=text, how="leaning", found=replace(found, decision=band))

    async def parts(self, split: Split, whole: Asked) -> tuple[Asked, ...]:
        """The parts of a message that are questions of their own; nothing if they are not."""
        found: list[Asked] = []
        before: Before | None = None
        for text in split.parts:
            asked = Asked(text=text, how="part", found=await self.consult(text))
            asked = replace(await self.closer(asked, before), text=text, how="part")
            before = Before(question=text, article=_article(asked))
            found.append(asked)
        kept = _distinct(found)
        answers = [one for one in kept if one.found.decision == "answer"]
        if len(answers) > 1:
            return tuple(kept if split.firm else answers)
        # One answer beside a find of no use: the message is better taken as a whole, if that helps.
        if split.firm and answers and len(kept) > 1 and whole.found.decision != "answer":
            return tuple(kept)
        return ()

    async def story(self, text: str, reading: Reading) -> tuple[Asked, ...]:
        """A long message: its questions answered, or the nearest of what it speaks of offered."""
        places = windows(text)
        asked = [await self._found(one) for one in places.asked]
        answers = [one for one in _distinct(asked) if one.found.decision == "answer"]
        if answers:
            surest = sorted(answers, key=lambda one: -one.found.confidence)[:_MOST_ANSWERS]
            return tuple(one for one in answers if one in surest)
        whole = Asked(text=text, how="said", found=await self.consult(text, reading))
        if whole.found.decision == "answer" and fits(text):
            return (whole,)
        ends = [await self._found(one) for one in places.ends]
        best = max(ends, key=lambda one: _rank(one.found), default=whole)
        if best.found.decision == "answer":
            return (best,)
        rest = [await self._found(one) for one in places.rest]
        return (_offered([whole, *asked, *ends, *rest]),)

    async def _found(self, text: str) -> Asked:
        return Asked(text=text, how="found", found=await self.consult(text))


def _better(one: Asked, other: Asked) -> bool:
    return _rank(one.found) > _rank(other.found)


def _rank(found: Consultation) -> tuple[int, float]:
    return _BANDS[found.decision], found.confidence


def _article(asked: Asked) -> str | None:
    known = asked.found.decision == "answer" and asked.found.passages
    return asked.found.passages[0].article if known else None


def _speaks_of(passage: Passage, text: str) -> bool:
    """Whether an article has every word that a leaning message adds."""
    return content(text) <= content(f"{passage.question} {passage.text}")


def _distinct(asked: list[Asked]) -> list[Asked]:
    """One for each article that answers; an offer led by an answered article adds nothing."""
    answered = {name for one in asked if (name := _article(one))}
    seen: set[str] = set()
    kept = []
    for one in asked:
        name, passages = _article(one), one.found.passages
        if name is None and passages and passages[0].article in answered:
            continue
        if name is None or name not in seen:
            kept.append(one)
        seen.update([name] if name else [])
    return kept


def _offered(asked: list[Asked]) -> Asked:
    """The best finds of many places as one list of choices."""
    ranked = sorted(asked, key=lambda one: _rank(one.found), reverse=True)
    best = ranked[0]
    if best.found.decision == "unknown":
        return best
    known = (one.found.passages[0] for one in ranked if one.found.decision != "unknown")
    passages = tuple({one.article: one for one in known}.values())[:OFFERED]
    return replace(best, found=replace(best.found, decision="choices", passages=passages))
