"""A call that will never arrive: the rung that made it has nothing to wait for."""

from datetime import datetime, timedelta

from bot.core.escalation import call_timer
from bot.core.pings import ping_key
from bot.domain.conversation import Conversation, Timer
from bot.domain.message import Outbound


def nothing_to_wait_for(
    held: Conversation | None, ping: Outbound, now: datetime
) -> tuple[Timer, ...]:
    """The timer that calls the next rung at once, if a refused message was all of this one."""
    handoff = held.handoff if held is not None else None
    if held is None or handoff is None or held.holder != "waiting" or handoff.fallback is None:
        return ()
    called = [
        call
        for call in handoff.calls
        if (call.round, call.rung, call.reached) == (handoff.round, handoff.rung, "called")
    ]
    # A room is one message to many, and the desk shows it all the same.
    if len(called) != 1 or called[0].means == "room":
        return ()
    whom = "webhook" if called[0].means == "webhook" else called[0].person or ""
    if ping.key != ping_key(handoff, handoff.rung, whom):
        return ()
    return (call_timer(held, now, timedelta()),)
