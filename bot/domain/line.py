"""A line is who we are to somebody: one set of addresses, knowledge, rules and words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from bot.domain.message import Address

Mode: TypeAlias = Literal["off", "shadow", "share", "on"]
Audience: TypeAlias = Literal["customers", "employees"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line.

    `mode`: `on` answers everybody; `share` answers `share_percent` of conversations and sends
    the others to people; `shadow` computes answers, records them and sends everybody to people;
    `off` sends everybody to people. `writes`: a language model, where one is set up, may write
    answers. `addresses` are "channel:account" pairs. `help_line` is told to whoever speaks of
    harming themselves. Nothing crosses lines.
    """

    name: str
    title: str
    kb: str
    addresses: tuple[str, ...]
    team: str = "support"
    persona: str = "assistant"
    language: str = "en"
    mode: Mode = "on"
    share_percent: int = 100
    staff_room: Address | None = None
    answers_while_waiting: bool = False
    expected_wait: timedelta = timedelta(minutes=10)
    rung_wait: timedelta = timedelta(minutes=15)
    reopen_window: timedelta = timedelta(hours=24)
    unknowns_before_handoff: int = 2
    retention: timedelta = timedelta(days=90)
    writes: bool = True
    audience: Audience = "customers"
    help_line: str = ""
