"""A skill waiting for something the customer has not said yet."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSkill:
    """A skill in the middle of asking.

    `asker` is the only handle whose words may fill the slots, `slots` what is known so far
    (name, value), `asking` the slot asked for last, `failures` how often it was not understood.
    """

    skill: str
    asker: str
    slots: tuple[tuple[str, str], ...] = ()
    asking: str | None = None
    failures: int = 0
    since: datetime | None = None
