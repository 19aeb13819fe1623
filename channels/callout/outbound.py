"""A ping as an event: who waits and why, without any of the customer's words."""

from typing import Any

from bot.domain.message import HandoffCard, Outbound

LONGEST = 1024
"""Characters of a summary that PagerDuty takes."""
_SEVERITY = {"urgent": "critical", "high": "error", "normal": "warning", "low": "info"}
_ACTIONS = {"waiting": "trigger", "human": "acknowledge"}


def event_of(outbound: Outbound, routing_key: str, desk_url: str | None) -> dict[str, Any]:
    """The event of a ping: `trigger`, or `acknowledge` and `resolve` for the one it replaces."""
    card = next((p for p in outbound.parts if isinstance(p, HandoffCard)), None)
    action = _ACTIONS.get(card.state, "resolve") if card else "trigger"
    if action == "trigger" and outbound.replaces is not None:
        action = "resolve"  # a later round has events of its own
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": outbound.replaces or outbound.key,
    }
    if action != "trigger":
        return event
    event["payload"] = {
        "summary": outbound.text()[:LONGEST] or "A customer is waiting for a person.",
        "source": f"careline {card.line}" if card else "careline",
        "severity": _SEVERITY.get(card.priority, "warning") if card else "warning",
        "component": card.line if card else "careline",
        "class": card.reason if card else "handoff",
        "custom_details": {"handoff": outbound.address.room},
    }
    if desk_url is not None:
        link = f"{desk_url}/desk#handoff={outbound.address.room}"
        event["links"] = [{"href": link, "text": "Claim it on the desk"}]
    return event
