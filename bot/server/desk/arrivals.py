"""Whether what staff said has reached the customer, and what to do where it has not."""

from typing import TypeAlias

from bot.domain.conversation import Entry, undelivered
from bot.domain.desk import Arrival, HandoffDetail, Unsent
from bot.server.desk.words import failure_text, remedy_text

Json: TypeAlias = dict[str, object]


_ARRIVED: dict[Arrival, str] = {"sent": "Sent", "delivered": "Delivered", "read": "Read"}


class Arrivals:
    """The deliveries of one opened hand-off.

    Notes of what did not arrive stay in the transcript; what waits to be sent is in the outbox. A
    message that is in neither has arrived: the web chat shows it in the commit that said it.
    """

    def __init__(self, detail: HandoffDetail) -> None:
        self._unsent = detail.unsent
        self._reached = detail.reached
        self._faults = {entry.key: entry.fault for entry in detail.entries if entry.fault}

    def of(self, entry: Entry) -> Json | None:
        """`{"state", "text", "remedy"}` of a reply; None for all other lines."""
        theirs = entry.kind == "said" and entry.author == "staff"
        if not theirs or entry.changed == "deleted":
            return None
        fault = self._faults.get(undelivered(entry.key))
        unsent = self._unsent.get(entry.key)
        if fault is not None or (unsent is not None and unsent.given_up):
            return _delivery("failed", failure_text(fault), remedy_text(fault))
        if unsent is None:
            return _delivery("delivered", _ARRIVED[self._reached.get(entry.key, "delivered")])
        return _delivery("on_its_way", _under_way(unsent))


def _under_way(unsent: Unsent) -> str:
    if unsent.waits:
        return "Waiting for the customer to write"
    return "Not delivered yet, trying again" if unsent.tries > 1 else "On its way"


def _delivery(state: str, text: str, remedy: str | None = None) -> Json:
    return {"state": state, "text": text, "remedy": remedy}
