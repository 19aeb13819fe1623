"""A line is who we are to somebody: one set of addresses, knowledge, rules and words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from bot.domain.handoff import Ladder
from bot.domain.hours import Hours
from bot.domain.message import Address

Mode: TypeAlias = Literal["off", "shadow", "share", "on"]
Audience: TypeAlias = Literal["customers", "employees"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line.

    `mode`: `on` answers everybody; `share` answers `share_percent` of conversations and sends
    the others to people; `shadow` computes answers, records them and sends everybody to people;
    `off` sends everybody to people. `writes`: a language model, where one is set up, may write
    answers. `feelings`: whether distress, anger and sentiment are read in what people write here.
    `addresses` are "channel:account" pairs. `help_line` is told to whoever speaks of
    harming themselves. `ladder` is called instead of those of the teams (`team_ladders`); without
    any a hand-off waits in the staff room and on the desk. `hours` are what customers are told. A
    claimer who lets a customer wait is reminded after `quiet_reminder`, and loses the hand-off
    `quiet_release` later; None is never. `proposes`: what people answer there is proposed for its
    knowledge base. `silence` is after how long without a word a conversation with the bot is
    closed, `csat_window` for how long the question after a hand-off may be answered.
    `scores_people`: people's conversations are scored, together. `prompts` are questions that are
    suggested to whoever opens it. Nothing crosses lines.
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
    feelings: bool = True
    help_line: str = ""
    ladder: Ladder | None = None
    team_ladders: tuple[tuple[str, Ladder], ...] = ()
    hours: Hours | None = None
    quiet_reminder: timedelta | None = timedelta(minutes=10)
    quiet_release: timedelta = timedelta(minutes=10)
    proposes: bool = True
    silence: timedelta = timedelta(hours=24)
    csat: bool = True
    csat_window: timedelta = timedelta(hours=24)
    scores_people: bool = False
    prompts: tuple[str, ...] = ()

    def ladder_of(self, team: str | None = None) -> Ladder | None:
        """The ladder that calls a team: its own where a rule named one, else the line's."""
        own = dict(self.team_ladders)
        if team is not None and team != self.team:
            return own.get(team) or self.ladder or own.get(self.team)
        return self.ladder or own.get(self.team)
