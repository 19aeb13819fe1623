"""What Slack takes of a message. https://docs.slack.dev/reference/block-kit/blocks."""

from collections.abc import Callable
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class TooFast(Exception):
    """More than Slack takes of one channel."""


class TooMuch(Exception):
    """Slack would answer `invalid_blocks`, or whatever the message says."""


def check_message(body: Json) -> None:
    """Raises `TooMuch` for what `chat.postMessage` and its like refuse."""
    need(len(str(body.get("text") or "")) <= 40_000, "msg_too_long")
    blocks = body.get("blocks") or []
    need(isinstance(blocks, list) and len(blocks) <= 50, "invalid_blocks")
    need(bool(body.get("text") or blocks), "no_text")
    ids = [e.get("action_id") for b in blocks for e in b.get("elements", []) if "action_id" in e]
    need(len(ids) == len(set(ids)), "invalid_blocks")
    for block in blocks:
        _check_block(block)


def _check_block(block: Json) -> None:
    kind = block.get("type")
    need(kind in (*_LISTS, "section", "header", "divider"), "invalid_blocks")
    if kind == "section":
        _check_text(block["text"], 3000)
    elif kind == "header":
        need(block["text"]["type"] == "plain_text", "invalid_blocks")
        _check_text(block["text"], 150)
    elif kind != "divider":
        most, check = _LISTS[kind]
        need(1 <= len(block["elements"]) <= most, "invalid_blocks")
        for element in block["elements"]:
            check(element)


def check_view(view: Json) -> None:
    """Raises `TooMuch` for what `views.publish` refuses."""
    need(view["type"] == "home" and set(view) == {"type", "blocks"}, "invalid_arguments")
    need(1 <= len(view["blocks"]) <= 100, "invalid_arguments")
    for block in view["blocks"]:
        _check_block(block)


def check_modal(view: Json) -> None:
    """Raises `TooMuch` for what `views.open` refuses."""
    for name in ("title", "submit", "close"):
        need(view[name]["type"] == "plain_text", "invalid_arguments")
        _check_text(view[name], 24)
    need(view["type"] == "modal" and len(view["callback_id"]) <= 255, "invalid_arguments")
    need(len(view["private_metadata"]) <= 3000, "invalid_arguments")
    for block in view["blocks"]:
        need(block["type"] == "input" and bool(block["block_id"]), "invalid_arguments")
        _check_text(block.get("hint", block["label"]), 2000)
        field = block["element"]
        need(field["type"] == "plain_text_input", "invalid_arguments")
        need(
            len(field.get("initial_value", "")) <= field["max_length"] <= 3000, "invalid_arguments"
        )


def _check_feedback(element: Json) -> None:
    need(element["type"] == "feedback_buttons", "invalid_blocks")
    need(1 <= len(element["action_id"]) <= 255, "invalid_blocks")
    for name in ("positive_button", "negative_button"):
        button = element[name]
        need(set(button) == {"text", "value", "accessibility_label"}, "invalid_blocks")
        need(button["text"]["type"] == "plain_text", "invalid_blocks")
        _check_text(button["text"], 75)
        need(len(button["value"]) <= 2000, "invalid_blocks")
        need(len(button["accessibility_label"]) <= 75, "invalid_blocks")


def _check_button(button: Json) -> None:
    need(button["type"] == "button", "invalid_blocks")
    need(button["text"]["type"] == "plain_text", "invalid_blocks")
    _check_text(button["text"], 75)
    need(1 <= len(button["action_id"]) <= 255, "invalid_blocks")
    need(len(button.get("value", "")) <= 2000, "invalid_blocks")
    need(button.get("style", "primary") in ("primary", "danger"), "invalid_blocks")
    need(set(button) <= {"type", "text", "action_id", "value", "style", "url"}, "invalid_blocks")


def _check_text(text: Json, most: int) -> None:
    need(text["type"] in ("mrkdwn", "plain_text"), "invalid_blocks")
    need(1 <= len(text["text"]) <= most, "invalid_blocks")


def need(met: bool, code: str) -> None:  # noqa: FBT001  a condition is what it is
    """Raises `TooMuch` unless it is met."""
    if not met:
        raise TooMuch(code)


_LISTS: dict[Any, tuple[int, Callable[[Json], None]]] = {
    "context": (10, lambda element: _check_text(element, 2000)),
    "context_actions": (5, _check_feedback),
    "actions": (25, _check_button),
}
"""Blocks that hold elements: how many, and of what kind."""
