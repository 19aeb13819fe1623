"""Writes what Slack shows: the text, its blocks, and whose name stands over them.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never

from bot.domain.buttons import buttons_of
from bot.domain.cards import text_of
from bot.domain.feedback import DOWN, UP, Feedback
from bot.domain.files import kept_id
from bot.domain.message import (
    Choices,
    Composed,
    HandoffCard,
    Mark,
    Media,
    Outbound,
    Part,
    Pressed,
    Sources,
    Template,
    Text,
)
from channels.slack.mrkdwn import escaped, mrkdwn, sections, shortened

Json: TypeAlias = dict[str, object]

MOST_BLOCKS = 50
_LABEL, _VALUE, _IN_ROW, _FALLBACK, _NAME = 75, 2000, 25, 4000, 80
_STATES = {"waiting": "Waiting for somebody", "human": "Claimed by {owner}"}
_FIRST = ("claim:", "send:")
_DANGER = ("resolve:", "release:")
AI_EVENT = "careline_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessage:
    """What one call of `chat.postMessage` or `chat.update` says.

    `text` is what notifications and screen readers have, `username` whose words these are.
    `metadata` says for programs who wrote it, and whether that was a machine.
    """

    text: str
    blocks: tuple[Json, ...]
    metadata: Json
    username: str | None = None


def message_of(
    outbound: Outbound, *, now: datetime, handles: Sequence[str] = (), thumbs: bool = True
) -> SlackMessage:
    """One message of any author; `handles` are the Slack users it is to call.

    `thumbs`: whether the workspace knows buttons for feedback.
    """
    blocks, words = [], []
    if handles:
        calling = " ".join(f"<@{one}>" for one in handles)
        blocks.append(_section(calling))
        words.append(calling)
    for part in outbound.parts:
        made, said = _part(part, now)
        blocks += made
        words += [said] if said else []
    if thumbs and outbound.author == "bot":
        blocks += _thumbs(outbound.parts)
    if len(blocks) > MOST_BLOCKS:
        blocks = [*blocks[: MOST_BLOCKS - 1], _context("The rest was too long for Slack.")]
    text = shortened("\n".join(words), _FALLBACK)
    return SlackMessage(
        text=text or "…",
        blocks=tuple(_told_apart(blocks)),
        metadata=_metadata(outbound),
        username=_username(outbound),
    )


def comment_of(outbound: Outbound) -> str:
    """The words over files, which Slack shows under our own name: whose they are stands in them."""
    said = [mrkdwn(part.text) for part in outbound.parts if isinstance(part, Text)]
    name = _username(outbound)
    return "\n".join([*([f"*{escaped(name)}*"] if name else []), *said])


def kept_files(outbound: Outbound) -> tuple[Media, ...]:
    """The files that we keep, where the message is one that can hold any."""
    if outbound.target is not None or outbound.only_for is not None:
        return ()
    return tuple(one for one in outbound.parts if isinstance(one, Media) and kept_id(one))


def _username(outbound: Outbound) -> str | None:
    named = outbound.author in ("customer", "staff") and outbound.author_name
    return shortened(outbound.author_name or "", _NAME) if named else None


def _metadata(outbound: Outbound) -> Json:
    payload: Mapping[str, object] = {
        "author": outbound.author,
        "made_by_ai": outbound.author == "bot",
    }
    return {"event_type": AI_EVENT, "event_payload": payload}


def _part(part: Part, now: datetime) -> tuple[list[Json], str]:
    match part:
        case Text() | Template():
            return [_section(one) for one in sections(part.text)], mrkdwn(part.text)
        case Pressed():
            said = part.label or part.value
            return [_section(one) for one in sections(said)], escaped(said)
        case Choices() | Sources():
            return _buttons(part) if isinstance(part, Choices) else _sources(part), ""
        case Media():
            return _media(part)
        case HandoffCard():
            return _card(part, now)
        case Composed() | Mark():
            return [], ""
        case _:
            assert_never(part)


def _card(card: HandoffCard, now: datetime) -> tuple[list[Json], str]:
    state = _STATES.get(card.state, "Ended").format(owner=card.owner or "somebody")
    why = card.why or card.reason
    body = [_section(one) for one in sections(text_of(card, now))]
    told = _context(f"{escaped(card.line)} · {escaped(state)}")
    return [*body, told, *_buttons(buttons_of(card, forms=True))], escaped(f"{why} ({state})")


def _media(file: Media) -> tuple[list[Json], str]:
    """A file that we keep has no address that Slack could show: its name is said."""
    name = escaped(file.name)
    shown = f"File: {name}" if kept_id(file) else f"<{escaped(file.url)}|{name}>"
    return [_section(shown)], shown


def _sources(part: Sources) -> list[Json]:
    known = (
        f"<{escaped(one.url)}|{escaped(one.title)}>" if one.url else escaped(one.title)
        for one in part.items
    )
    shown = [one for one in known if len(one) < _VALUE][:10]
    elements = [{"type": "mrkdwn", "text": one} for one in shown]
    return [{"type": "context", "elements": elements}] if elements else []


def _buttons(choices: Choices) -> list[Json]:
    made: list[Json] = []
    for option in choices.options:
        one: Json = {
            "type": "button",
            "text": {"type": "plain_text", "text": shortened(option.label, _LABEL) or "…"},
            "value": option.value[:_VALUE],
        }
        if option.value.startswith(_FIRST):
            one["style"] = "primary"
        elif option.value.startswith(_DANGER):
            one["style"] = "danger"
        made.append(one)
    rows = (made[at : at + _IN_ROW] for at in range(0, len(made), _IN_ROW))
    return [{"type": "actions", "elements": row} for row in rows]


def _thumbs(parts: Sequence[Part]) -> list[Json]:
    """Whether an answer was of use, asked under each that names its article.

    https://docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element
    """
    known = (item.article for part in parts if isinstance(part, Sources) for item in part.items)
    article = next(known, None)
    if article is None:
        return []
    up, down = (Feedback(useful=one, article=article).value()[:_VALUE] for one in (True, False))
    element = {
        "type": "feedback_buttons",
        "positive_button": _thumb(UP, up, "This answer helped"),
        "negative_button": _thumb(DOWN, down, "This answer did not help"),
    }
    return [{"type": "context_actions", "elements": [element]}]


def _thumb(sign: str, value: str, label: str) -> Json:
    text = {"type": "plain_text", "text": sign}
    return {"text": text, "value": value, "accessibility_label": label}


def _told_apart(blocks: list[Json]) -> list[Json]:
    """The blocks, each button with an `action_id` of its own."""
    count = 0
    for block in blocks:
        elements = block.get("elements")
        if block["type"] not in ("actions", "context_actions") or not isinstance(elements, list):
            continue
        for button in elements:
            button["action_id"] = f"choice:{count}"
            count += 1
    return blocks


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
