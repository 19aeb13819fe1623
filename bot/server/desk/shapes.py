"""Hand-offs and transcripts as the JSON that desks read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from bot.core.amending import wrote
from bot.core.assist import shown_to
from bot.core.reasons import why
from bot.core.words import language_name
from bot.domain.assist import HINTS
from bot.domain.cards import local_time
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, as_they_stand
from bot.domain.desk import HandoffDetail, HandoffRow
from bot.domain.files import IMAGES, kept_id
from bot.domain.line import Mode
from bot.domain.message import Choices, Composed, Media, Part, Pressed, Sources, Template, Text
from bot.server.desk.arrivals import Arrivals, Json

Lines: TypeAlias = Mapping[str, tuple[str, Mode]]


def row_json(row: HandoffRow, person: Person, lines: Lines, now: datetime) -> Json:
    """One hand-off as `person` sees it."""
    owner = {"id": row.claimed_by, "name": row.claimed_name or row.claimed_by}
    return {
        "id": row.id,
        "conversation": row.conversation,
        "line": row.line,
        "line_title": lines[row.line][0] if row.line in lines else row.line,
        "state": row.state,
        "reason": row.reason,
        "reason_text": why(row.reason, row.rule),
        "rule": row.rule,
        "priority": row.priority,
        "opened_at": row.opened_at.isoformat(),
        "waiting_seconds": _waiting(row, now),
        "claimed_by": owner if row.claimed_by else None,
        "mine": row.claimed_by == person.id,
        "summary": row.summary,
        "outcome": row.outcome,
    }


def _waiting(row: HandoffRow, now: datetime) -> int:
    """Since when nobody has looked after the customer; 0 when somebody does."""
    since = row.waiting_since or (row.opened_at if row.state == "waiting" else None)
    if since is None or row.state == "ended":
        return 0
    return max(0, int((now - since).total_seconds()))


def after_act(row: HandoffRow, conversation: Conversation, now: datetime) -> HandoffRow:
    """The row once an act is committed, made without asking the database again."""
    handoff = conversation.handoff
    if handoff is None or handoff.id != row.id:
        return row
    return replace(
        row,
        state=conversation.handoff_state(),
        claimed_by=handoff.claimed_by,
        claimed_name=handoff.claimed_name,
        outcome=handoff.outcome,
        waiting_since=now if conversation.holder == "waiting" else None,
    )


def detail_json(detail: HandoffDetail, person: Person, lines: Lines, now: datetime) -> Json:
    """One hand-off with what the bot tried and everything that was said."""
    return {
        **row_json(detail.row, person, lines, now),
        "customer": _customer(detail, now),
        "assist": _assist(detail, person),
        "tried": list(detail.tried),
        "request": _request(detail),
        "csat": _csat(detail),
        "transcript": _transcript(detail, person),
    }


def _customer(detail: HandoffDetail, now: datetime) -> Json:
    """Who it is, as far as that is known: what is not stays None."""
    held = detail.conversation
    handoff = held.handoff if held.handoff and held.handoff.id == detail.row.id else None
    return {
        "name": handoff.customer if handoff else None,
        "channel": held.address.channel,
        "language": language_name(held.language),
        "local_time": local_time(handoff.zone, now) if handoff else None,
    }


def _assist(detail: HandoffDetail, person: Person) -> Json | None:
    """A suggested reply and hints, for the claimer's eyes alone."""
    found = shown_to(person, detail.conversation)
    if found is None or detail.row.state != "human":
        return None
    suggested = found.suggestion
    return {
        "id": found.id,
        "hints": [HINTS[hint] for hint in found.hints],
        "suggestion": suggested
        and {
            "text": suggested.text,
            "title": suggested.title,
            "url": _web_url(suggested.url),
            "called": suggested.called(),
            "sure": suggested.sure,
            "sendable": suggested.sendable,
        },
    }


def _request(detail: HandoffDetail) -> Json | None:
    """What was left when nobody came, while this is the conversation's present hand-off."""
    handoff = detail.conversation.handoff
    if handoff is None or handoff.id != detail.row.id or handoff.request is None:
        return None
    request = handoff.request
    return {"kind": request.kind, "number": request.number, "wish": request.wish}


def _transcript(detail: HandoffDetail, person: Person) -> list[Json]:
    """Lines as they stand; `line` names those that `person` may change."""
    files = f"/desk/api/handoffs/{quote(detail.row.id, safe='')}/files"
    arrivals, held = Arrivals(detail), detail.conversation
    return [
        entry_json(entry, files)
        | {
            "delivery": arrivals.of(entry),
            "changed": entry.changed,
            "line": entry.key if wrote(held, person, entry.key) else None,
        }
        for entry in as_they_stand(detail.entries)
    ]


def _csat(detail: HandoffDetail) -> Json | None:
    """What the customer thought of it, once they have said so."""
    rating = detail.rating
    if rating is None:
        return None
    return {"score": rating.score, "comment": rating.comment, "at": rating.at.isoformat()}


def entry_json(entry: Entry, files: str = "") -> Json:
    """One line; `files` is where the files that we keep are fetched."""
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "author": entry.author,
        "name": entry.name,
        "text": "\n".join(t for t in map(_text, entry.parts) if t),
        "sources": [source for part in entry.parts for source in _sources(part)],
        "choices": [o.label for p in entry.parts if isinstance(p, Choices) for o in p.options],
        "media": [_media(part, files) for part in entry.parts if isinstance(part, Media)],
        "at": entry.at.isoformat(),
        "decision": entry.decision,
    }


def _text(part: Part) -> str:
    if isinstance(part, Text | Template):
        return part.text
    if isinstance(part, Pressed):
        return part.label or part.value
    if isinstance(part, Composed):
        return "\n".join(p.text for p in part.parts if isinstance(p, Text))
    return ""


def _sources(part: Part) -> list[Json]:
    if isinstance(part, Composed):
        return [source for inner in part.parts for source in _sources(inner)]
    if not isinstance(part, Sources):
        return []
    return [{"title": c.title, "url": _web_url(c.url)} for c in part.items]


def _media(media: Media, files: str) -> Json:
    kept = kept_id(media)
    url = _web_url(media.url) if kept is None else f"{files}/{kept}"
    shown = kept is not None and media.mime in IMAGES
    return {"name": media.name, "mime": media.mime, "url": url, "size": media.size, "shown": shown}


def _web_url(url: str | None) -> str | None:
    """An address a browser may follow; never `javascript:` or a file."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
