"""Whether somebody may be written to: that they opted out, took it back, and how we know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

Source: TypeAlias = Literal["keyword", "words", "refused"]
"""A word that the platform knows and has confirmed itself, the customer's own words, or the
platform's refusal of a message to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What somebody has said of being written to. `key` is the event's: told twice it is one."""

    channel: str
    handle: str
    stopped: bool
    source: Source
    at: datetime
    key: str


class Consents(Protocol):
    """Opt-outs by handle, whichever number of ours they were told to. Nothing is ever deleted."""

    async def put(self, consent: Consent) -> bool:
        """Keep one; whether it has changed if they may be written to."""
        ...

    async def stopped(self, channel: str, handle: str) -> bool:
        """Whether they asked that nothing be sent to them, and have not taken it back."""
        ...

    async def trail(self, channel: str, handle: str) -> tuple[Consent, ...]:
        """All that is known of somebody, oldest first."""
        ...
