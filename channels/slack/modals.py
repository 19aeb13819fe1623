"""Forms: "Edit" and "Note" open one, and what is written there comes as the claimer's words.

https://docs.slack.dev/surfaces/modals
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import ChannelError, Unavailable
from bot.domain.forms import GIVES, Form, form_of
from bot.domain.message import Address, Inbound, Pressed, Sender, Text
from bot.domain.ports import Clock, Received, Reply
from channels.slack.errors import mapped_errors
from channels.slack.inbound import NAME, Press

log = logging.getLogger("careline.slack")
Json: TypeAlias = dict[str, Any]
Suggested: TypeAlias = Callable[[str, str], Awaitable[str | None]]
"""The suggested reply of a hand-off, by the ids of both; None for one that is gone."""
_BLOCK = "words"
_LONGEST = 3000
_PATIENCE_S = 2.0
"""Slack lets a form be opened for three seconds after the press."""
_TITLES = {"edit": "Reply to the customer", "note": "Note for colleagues"}
_LABELS = {"edit": "What the customer will read", "note": "What stays among staff"}
_GONE = "The suggestion is gone: the customer has an answer, or has written again."
_CUT = "The suggestion is longer than Slack lets us show: this is its beginning."
_EMPTY = "Write something first."


def opens(press: Press) -> Form | None:
    """The form that a button asks for; None for all other buttons."""
    form = form_of(press.value)
    return form if form is not None and form.kind in GIVES else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modals:
    """Opens forms, and reads what comes of them."""

    client: Callable[[], AsyncWebClient]
    suggested: Suggested
    clock: Clock

    async def open(self, form: Form, press: Press, trigger: str) -> bool:
        """Show it to whoever pressed; False where Slack did not, or too late."""
        place = press.address
        kept = [form.value(), place.account, place.room, place.thread]
        try:
            async with asyncio.timeout(_PATIENCE_S):
                words = await self.suggested(form.handoff, form.assist) if form.assist else None
                with mapped_errors():
                    view = _view(form, words, json.dumps(kept))
                    await self.client().views_open(trigger_id=trigger, view=view)
        except (ChannelError, Unavailable, TimeoutError) as exc:
            log.warning("slack_not_shown", extra={"error": type(exc).__name__})
            return False
        return True

    def submitted(self, body: Json, sender: Sender) -> Received:
        """The words of a form; none are refused in the form itself.

        Raises `KeyError`, `TypeError` or `ValueError` for what is no form of ours.
        """
        view = body["view"]
        value, account, room, thread = json.loads(view["private_metadata"])
        form = form_of(value)
        given = GIVES.get(form.kind) if form and form.kind in ("edit", "note") else None
        if form is None or given is None:
            raise ValueError("no form of ours")
        text = str(view["state"]["values"][_BLOCK][_BLOCK]["value"] or "").strip()
        if not text:
            refusal = {"response_action": "errors", "errors": {_BLOCK: _EMPTY}}
            return Received(reply=Reply(body=json.dumps(refusal).encode()))
        pressed = Pressed(value=Form(kind=given, handoff=form.handoff).value())
        event = Inbound(
            key=f"{NAME}:{account}:view:{view['id']}",
            trace=secrets.token_hex(8),
            address=Address(channel=NAME, account=account, room=room, thread=thread),
            sender=sender,
            parts=(pressed, Text(text=text)),
            sent_at=self.clock.now(),
            kind="pressed",
        )
        return Received(events=(event,))


def _view(form: Form, words: str | None, kept: str) -> Json:
    field: Json = {
        "type": "plain_text_input",
        "action_id": _BLOCK,
        "multiline": True,
        "max_length": _LONGEST,
        "focus_on_load": True,
    }
    if words:
        field["initial_value"] = words[:_LONGEST]
    asked: Json = {
        "type": "input",
        "block_id": _BLOCK,
        "label": _plain(_LABELS[form.kind]),
        "element": field,
    }
    if form.assist and not words:
        asked["hint"] = _plain(_GONE)
    elif words and len(words) > _LONGEST:
        asked["hint"] = _plain(_CUT)
    return {
        "type": "modal",
        "callback_id": f"careline:{form.kind}",
        "private_metadata": kept,
        "title": _plain(_TITLES[form.kind]),
        "submit": _plain("Send" if form.kind == "edit" else "Keep"),
        "close": _plain("Cancel"),
        "blocks": [asked],
    }


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
