"""What comes of a written turn: its event back to the message lane, or what takes its place."""

from datetime import datetime

from bot.core.handlers.answering import answer_parts
from bot.core.writing import Written, answer_of
from bot.domain.conversation import Compose, Conversation
from bot.domain.knowledge import Passage
from bot.domain.message import Composed, Inbound, Sender
from bot.domain.writing import Usage


def instead(before: Written | None, cause: str) -> Written:
    """An ending without words that counts what was used before."""
    return Written(cause=cause, usage=before.usage if before else Usage())


def still(before: Written, then: tuple[Passage, ...], passages: tuple[Passage, ...]) -> Written:
    """What was written before, if what it cites may still be written from and says the same."""
    said, says = ({p.article: p.text for p in some} for some in (then, passages))
    cited = {name for one in before.sentences for name in one.cites}
    same = all(name in says and says[name] == said.get(name) for name in cited)
    return before if same else instead(before, "no_passages")


def event_of(
    job: Compose,
    held: Conversation,
    written: Written,
    passages: tuple[Passage, ...],
    now: datetime,
) -> Inbound:
    """The result as an event, which carries the version that it was made for."""
    if written.ended == "written":
        parts, decision = answer_of(written.sentences, passages), "answer_written"
    else:
        language = job.language or held.language
        parts, decision = answer_parts(passages[0], language) if passages else (), "answer"
    return Inbound(
        key=f"composed:{job.id}",
        trace=job.trace,
        address=held.address,
        sender=Sender(handle=job.asker),
        parts=(Composed(version=job.version, parts=parts, decision=decision),),
        sent_at=now,
        kind="composed",
    )
