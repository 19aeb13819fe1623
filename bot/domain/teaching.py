"""What people's answers teach: proposals for the knowledge base, and what was decided on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from bot.domain.errors import BadRequest, Conflict

ProposalKind: TypeAlias = Literal["phrasing", "article"]
ProposalState: TypeAlias = Literal["open", "approved", "rejected", "undone"]

LONGEST_QUESTION = 300
LONGEST_ANSWER = 4000
MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A phrasing for an article, or a new article, as far as it has come.

    `source` is what it was found in: a hand-off ("handoff:…") or questions alike ("alike:…"), so
    many of them (`count`). `answer` is put together from what a person (`told_by`) wrote, word for
    word. `article` is where a phrasing goes, and for an article the one that lies nearest.
    `pending` while a decision is not live yet; `version` is the edition it became live in,
    and `undone_version` the one it was out of again.
    """

    id: str
    source: str
    kb: str
    line: str
    kind: ProposalKind
    questions: tuple[str, ...]
    proposed_at: datetime
    answer: str = ""
    article: str | None = None
    language: str = "en"
    conversation: str | None = None
    told_by: str | None = None
    count: int = 1
    state: ProposalState = "open"
    decided_by: str | None = None
    decided_at: datetime | None = None
    undone_by: str | None = None
    undone_at: datetime | None = None
    pending: bool = False
    version: int | None = None
    undone_version: int | None = None

    def settled(self, version: int) -> "Proposal":
        """As it is once the decision is live."""
        if self.state == "undone":
            return replace(self, pending=False, undone_version=version)
        return replace(self, pending=False, version=version)

    def article_id(self) -> str:
        """The article that it is, or is a phrasing of, once approved."""
        return self.article if self.kind == "phrasing" and self.article else f"desk-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an operator makes of a proposal; None leaves the proposed words as they are.

    With an `article` it becomes a phrasing of that, without one an article of its own.
    """

    article: str | None = None
    questions: tuple[str, ...] | None = None
    answer: str | None = None


def approved(proposal: Proposal, wording: Wording, *, by: str, at: datetime) -> Proposal:
    """The proposal as it goes live.

    Raises `BadRequest` for words that cannot, `Conflict` where it is not open.
    """
    _require(proposal, "open")
    questions = _questions(proposal.questions if wording.questions is None else wording.questions)
    answer = (proposal.answer if wording.answer is None else wording.answer).strip()
    if wording.article is None and not answer:
        raise BadRequest("An article needs an answer: write one, or name an article.")
    if len(answer) > LONGEST_ANSWER:
        raise BadRequest(f"The answer has {len(answer)} letters; at most {LONGEST_ANSWER} fit.")
    return replace(
        proposal,
        kind="article" if wording.article is None else "phrasing",
        article=wording.article,
        questions=questions,
        answer=answer,
        state="approved",
        decided_by=by,
        decided_at=at,
        pending=True,
    )


def rejected(proposal: Proposal, *, by: str, at: datetime) -> Proposal:
    """Put aside; nothing goes live. Raises `Conflict` where it is not open."""
    _require(proposal, "open")
    return replace(proposal, state="rejected", decided_by=by, decided_at=at)


def undone(proposal: Proposal, *, by: str, at: datetime) -> Proposal:
    """Taken out again; a rejected one is open again. Raises `Conflict` for others."""
    if proposal.state == "rejected":
        return replace(proposal, state="open", decided_by=None, decided_at=None)
    _require(proposal, "approved")
    return replace(proposal, state="undone", undone_by=by, undone_at=at, pending=True)


def _require(proposal: Proposal, state: ProposalState) -> None:
    if proposal.state != state:
        who = proposal.undone_by or proposal.decided_by
        raise Conflict(f"{proposal.id} is {proposal.state}{f' (by {who})' if who else ''}.")


def _questions(texts: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if not found:
        raise BadRequest("It needs a question: how people ask for it.")
    if len(found) > MOST_QUESTIONS:
        raise BadRequest(f"These are {len(found)} questions; at most {MOST_QUESTIONS} fit.")
    if any(len(text) > LONGEST_QUESTION for text in found):
        raise BadRequest(f"A question may have {LONGEST_QUESTION} letters: shorten it.")
    return found


class Proposals(Protocol):
    """What has been proposed, and what was decided."""

    async def unread(self, *, since: datetime, limit: int) -> tuple[str, ...]:
        """Hand-offs that a person has ended since a moment, and nobody has learnt from yet."""
        ...

    async def propose(self, source: str, proposals: Sequence[Proposal], *, at: datetime) -> bool:
        """Keep what was found in a source, which may be nothing; False if it was known already."""
        ...

    async def found(self, kb: str | None = None, *, limit: int = 200) -> tuple[Proposal, ...]:
        """Of one knowledge base or all; the open ones first, of each the newest first."""
        ...

    async def get(self, proposal: str) -> Proposal | None:
        """One by id."""
        ...

    async def decide(self, proposal: Proposal, *, was: ProposalState, taken: bool = False) -> None:
        """Keep a decision, and tell whoever publishes, unless the caller has `taken` that on.

        Raises `Conflict` if its state is not what it `was` any more.
        """
        ...


class Lessons(Protocol):
    """What was decided, for whoever publishes a knowledge base."""

    async def decided(self, kb: str) -> tuple[Proposal, ...]:
        """What is approved, by time of the decision, and what was undone but is still live."""
        ...

    async def published(self, proposals: Sequence[Proposal], version: int) -> None:
        """These are live (or out) as of a version, unless something else was decided since."""
        ...

    async def take_waiting(self, now: datetime) -> tuple[str, ...]:
        """Knowledge bases with decisions that are not live, for this caller to publish.

        Whoever takes some has a few minutes; then others may.
        """
        ...
