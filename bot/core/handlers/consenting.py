"""Somebody asks that nothing more be sent to them, or takes that back: kept, confirmed, told."""

from dataclasses import replace

from bot.core.lines import Lines
from bot.core.speech import speaker
from bot.core.threads import tell
from bot.domain.consent import Consent, Source
from bot.domain.conversation import Entry, Outcome, Turn
from bot.domain.message import Outbound, Text

STOPPED = (
    "They asked that nothing more be sent to them. Whatever you write here does not go out until "
    "they write START."
)
STARTED = "They may be written to again: they took back that nothing be sent to them."


class Consenting:
    """Takes `stopped` and `started`, which the platform has confirmed, and the same in words."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, turn: Turn) -> Outcome:
        event, held = turn.event, turn.conversation
        stops = event.kind in ("stopped", "revoked")
        words = STOPPED if stops else STARTED
        note = Entry(
            key=f"consent:{event.key}",
            kind="note",
            author="system",
            parts=(Text(text=words),),
            at=turn.now,
        )
        return Outcome(
            conversation=held,
            say=(*self._confirmed(turn, stops=stops), *tell(held, words, key=f"told:{event.key}")),
            notes=(note,),
            decision="opted_out" if stops else "opted_in",
            consent=Consent(
                channel=event.address.channel,
                handle=event.address.room,
                stopped=stops,
                source=_source(turn),
                at=event.sent_at,
                key=event.key,
            ),
        )

    def _confirmed(self, turn: Turn, *, stops: bool) -> tuple[Outbound, ...]:
        """One sentence, where the platform has not said it: that much the law asks for."""
        if turn.event.kind not in ("revoked", "allowed"):
            return ()
        title = self._lines.named(turn.conversation.line).title
        row = speaker(turn).words("opted_out" if stops else "opted_in", title=title)
        return (replace(row, required=stops),)


def _source(turn: Turn) -> Source:
    if turn.event.kind in ("revoked", "allowed"):
        return "words"
    return "keyword" if turn.event.parts else "refused"
