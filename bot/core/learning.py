"""Learns from hand-offs that people have ended: what the bot did not know, and what they said."""

import logging
from datetime import timedelta
from hashlib import sha256

from rapidfuzz import fuzz

from bot.core.courtesy import courtesy
from bot.core.lines import Lines
from bot.core.masking import masked, names_in
from bot.core.review import heard_in
from bot.domain.conversation import Entry, as_they_stand
from bot.domain.desk import Board, HandoffDetail
from bot.domain.errors import KnowledgeError, Unavailable
from bot.domain.line import Line
from bot.domain.ports import Clock, Library, Reader
from bot.domain.teaching import LONGEST_ANSWER, LONGEST_QUESTION, Proposal, Proposals

log = logging.getLogger("careline.core")

BACK = timedelta(days=7)
"""How long after its end a hand-off is still learnt from, when nobody was there to."""
_AT_ONCE = 20
_MOST = 5
_SAYS_IT = 90.0
"""From here on a person has said what an article says (0 to 100)."""
SPARED = frozenset(
    ("self-harm", "distress", "harassment", "safety", "legal", "fraud", "privacy-request")
)
"""Rules whose hand-offs nothing is learnt from: what is said there is for one person alone."""
_LEAST = 40
"""Letters that two texts have in common by more than chance."""


class Learning:
    """Makes a proposal of each ended hand-off that began with something the bot did not know."""

    def __init__(
        self,
        proposals: Proposals,
        board: Board,
        library: Library,
        reader: Reader,
        lines: Lines,
        clock: Clock,
    ) -> None:
        self._proposals = proposals
        self._board = board
        self._library = library
        self._reader = reader
        self._lines = lines
        self._clock = clock

    async def __call__(self) -> int:
        """Look through what has ended since the last time; how many proposals came of it."""
        since = self._clock.now() - BACK
        return sum(
            [
                await self._learn(one)
                for one in await self._proposals.unread(since=since, limit=_AT_ONCE)
            ]
        )

    async def _learn(self, handoff: str) -> int:
        """Once for each, whatever comes of it: one that cannot be read is not tried for ever."""
        made: tuple[Proposal, ...] = ()
        try:
            detail = await self._board.detail(handoff)
            line = self._lines.find(detail.row.line) if detail else None
            if detail is not None and line is not None and _teaches(detail, line):
                made = await self._proposed(detail, line)
        except Unavailable:
            raise
        except Exception as exc:  # noqa: BLE001  one bad hand-off must not hold up all the others
            log.warning("learning_failed", extra={"error": type(exc).__name__})
        now = self._clock.now()
        kept = await self._proposals.propose(f"handoff:{handoff}", made, at=now)
        return len(made) if kept else 0

    async def _proposed(self, detail: HandoffDetail, line: Line) -> tuple[Proposal, ...]:
        names = names_in(detail.entries)
        questions = tuple(masked(text, names) for text in _unanswered(detail))
        answer = masked(_told(detail), names)
        if not questions or not answer:
            return ()
        language = detail.conversation.language
        article, says_it = await self._nearest(line, questions[0], answer, language)
        return (
            Proposal(
                id=sha256(detail.row.id.encode()).hexdigest()[:10],
                source=f"handoff:{detail.row.id}",
                kb=line.kb,
                line=line.name,
                kind="phrasing" if says_it else "article",
                questions=questions,
                answer=answer[:LONGEST_ANSWER],
                article=article,
                language=language,
                conversation=detail.conversation.id,
                told_by=detail.row.claimed_name,
                proposed_at=self._clock.now(),
            ),
        )

    async def _nearest(
        self, line: Line, question: str, answer: str, language: str
    ) -> tuple[str | None, bool]:
        """The article nearest to the question, or else the one whose text the person has said."""
        near: str | None = None
        for text in (answer, question):
            reading = await self._reader.read(text)
            try:
                found = await self._library.consult(line.kb, text, reading, line.name)
            except KnowledgeError:
                return None, False  # nothing is live there yet
            for passage in found.passages:
                if passage.language == language and _says(answer, passage.text):
                    return passage.article, True
            near = found.passages[0].article if found.passages else near
        return near, False


def _teaches(detail: HandoffDetail, line: Line) -> bool:
    return line.proposes and detail.row.rule not in SPARED


def _says(answer: str, text: str) -> bool:
    one, other = answer.casefold(), text.casefold()
    return min(len(one), len(other)) >= _LEAST and fuzz.partial_ratio(one, other) >= _SAYS_IT


def _unanswered(detail: HandoffDetail) -> tuple[str, ...]:
    """What the bot did not know or had only wrong articles for, since a person last spoke."""
    opened = [one for one in detail.entries if one.at <= detail.row.opened_at]
    spoken = [place for place, one in enumerate(opened) if _by_staff(one)]
    heard = heard_in(opened[spoken[-1] + 1 if spoken else 0 :])
    texts = [one.text for one in heard if one.fate == "unknown" or one.refused]
    fitting = [text for text in texts if len(text) <= LONGEST_QUESTION]
    return tuple(dict.fromkeys(fitting))[-_MOST:]


def _told(detail: HandoffDetail) -> str:
    """What staff said in this hand-off as it stands, word for word, without hellos and goodbyes."""
    said = [
        one.text().strip()
        for one in as_they_stand(detail.entries)
        if one.at >= detail.row.opened_at and _by_staff(one) and one.changed != "deleted"
    ]
    return "\n\n".join(text for text in said if text and courtesy(text) is None)


def _by_staff(entry: Entry) -> bool:
    return entry.kind == "said" and entry.author == "staff"
