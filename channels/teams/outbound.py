"""Message parts as an activity: markdown, cards of choices and hand-offs, sources as citations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.models import Account, Attachment, CitationAppearance
from microsoft_teams.cards import AdaptiveCard

from bot.domain.message import (
    Choice,
    Choices,
    Citation,
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
from channels.teams.cards import choices_card, handoff_card

LONGEST = 4000
"""Characters of one message: 28 KB hold them in any script and escaped, with a card beside them.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
"""
CARD = "application/vnd.microsoft.card.adaptive"
_MARK = {"delivered": "✓", "read": "✓✓", "failed": "Not delivered."}
_PROPER = re.compile(r"[&<>]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LONGEST_NAME = 80
_LONGEST_ABSTRACT = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Somebody whom a message calls, by their id in the directory."""

    handle: str
    name: str


class _Builder:
    """Gathers what the parts of one message are shown as."""

    def __init__(self, outbound: Outbound, now: datetime) -> None:
        self._outbound = outbound
        self._now = now
        self.words: list[str] = []
        self.attachments: list[Attachment] = []
        self.sources: list[Citation] = []
        self.choices: list[Choice] = []

    def add(self, part: Part) -> None:  # noqa: C901  one branch for each kind of part
        match part:
            case Text() | Template():
                self.words.append(proper(part.text))
            case Media():
                self._media(part)
            case Choices():
                self.choices += part.options
            case Sources():
                self.sources += part.items
            case HandoffCard():
                card = handoff_card(part, self._now, version=self._outbound.holder_version)
                self._card(card)
            case Pressed():
                self.words.append(proper(part.label or ""))
            case Composed():
                for inner in part.parts:
                    self.add(inner)
            case Mark():
                self.words.append(_MARK[part.state])
            case _:
                assert_never(part)

    def _media(self, part: Media) -> None:
        if part.mime.startswith("image/"):
            picture = Attachment(
                content_type=part.mime, content_url=part.url, name=part.name or None
            )
            self.attachments.append(picture)
        else:
            self.words.append(f"[{proper(part.name)}]({part.url})")

    def _card(self, card: AdaptiveCard) -> None:
        self.attachments.append(Attachment(content_type=CARD, content=card))

    def built(self) -> MessageActivityInput:
        if self.choices:
            self._card(choices_card(self.choices, version=self._outbound.holder_version))
        text = "\n\n".join(one for one in self.words if one)
        name = self._outbound.author_name
        if name and text and self._outbound.author in ("staff", "customer"):
            text = f"**{proper(name)}:** {text}"
        if self.sources:
            text += " " + "".join(f"[{place}]" for place in range(1, len(self.sources) + 1))
        activity = MessageActivityInput(text=text.strip(), text_format="markdown")
        if self.attachments:
            activity.add_attachments(*self.attachments)
        for place, source in enumerate(self.sources, start=1):
            shown = CitationAppearance(
                name=source.title[:_LONGEST_NAME] or source.article,
                abstract=source.title[:_LONGEST_ABSTRACT] or source.article,
                url=source.url,
            )
            activity.add_citation(place, shown)
        if self._outbound.author == "bot":
            activity.add_ai_generated()
            if self.sources:
                activity.add_feedback()
        return activity


def render(outbound: Outbound, now: datetime, called: Sequence[Called] = ()) -> dict[str, Any]:
    """The activity of a message, as the connector takes it; it begins with whom it calls."""
    builder = _Builder(outbound, now)
    for part in outbound.parts:
        builder.add(part)
    built = builder.built()
    for one in called:
        built.add_mention(Account(id=one.handle, name=proper(one.name)), add_text=False)
    names = " ".join(f"<at>{proper(one.name)}</at>" for one in called)
    built.text = " ".join(words for words in (names, built.text) if words)
    return {"type": "message", **built.model_dump(mode="json", by_alias=True, exclude_none=True)}


def proper(text: str) -> str:
    """Words as words: nothing in them is read as a tag, or calls anybody."""
    return _PROPER.sub(lambda found: _ENTITIES[found.group()], text)
