"""The tables of one line in the settings, and what a table is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.handoff import Ladder
from bot.domain.hours import Hours
from bot.domain.line import Audience, Line, Mode
from bot.domain.message import Address

Minutes = Annotated[float, Field(gt=0, le=60 * 24 * 30)]


class Section(BaseModel):
    """A table of the file; a key that does not exist is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StaffRoom(Section):
    """Where a line's hand-off cards go, beside the web desk."""

    channel: str
    account: str
    room: str


class LineSection(Section):
    """One line; see `bot.domain.line.Line` for what each key means."""

    title: str = Field(min_length=1)
    kb: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    addresses: tuple[str, ...] | None = None
    team: str = "support"
    persona: str = "assistant"
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}$")
    mode: Mode = "on"
    share_percent: int = Field(default=100, ge=0, le=100)
    staff_room: StaffRoom | None = None
    answers_while_waiting: bool = False
    expected_wait_minutes: Minutes = 10
    rung_wait_minutes: Minutes = 15
    reopen_hours: float = Field(default=24, ge=0, le=24 * 90)
    unknowns_before_handoff: int = Field(default=2, ge=1, le=10)
    retention_days: int = Field(default=90, ge=1, le=3650)
    writer: bool = True
    audience: Audience = "customers"
    feelings: bool | None = None
    help_line: str = Field(default="", max_length=300)
    ladder: str | None = None
    hours: str | None = None
    quiet_reminder_minutes: float = Field(default=10, ge=0, le=60 * 24)
    quiet_release_minutes: Minutes = 10
    proposes: bool | None = None
    silence_hours: float = Field(default=24, gt=0, le=24 * 90)
    csat: bool = True
    csat_hours: float = Field(default=24, gt=0, le=24 * 30)
    score_people: bool = False
    prompts: tuple[Annotated[str, Field(min_length=1, max_length=75)], ...] = Field(
        default=(), max_length=4
    )

    def line(
        self,
        name: str,
        *,
        hours: Mapping[str, Hours],
        ladders: Mapping[str, Ladder],
        team_ladders: tuple[tuple[str, Ladder], ...],
    ) -> Line:
        """The line as the domain knows it, with the hours and the ladder that it names."""
        remind = self.quiet_reminder_minutes
        return Line(
            name=name,
            title=self.title,
            kb=self.kb,
            addresses=self.addresses if self.addresses is not None else (f"web:{name}",),
            team=self.team,
            persona=self.persona,
            language=self.language,
            mode=self.mode,
            share_percent=self.share_percent,
            staff_room=Address(**self.staff_room.model_dump()) if self.staff_room else None,
            answers_while_waiting=self.answers_while_waiting,
            expected_wait=timedelta(minutes=self.expected_wait_minutes),
            rung_wait=timedelta(minutes=self.rung_wait_minutes),
            reopen_window=timedelta(hours=self.reopen_hours),
            unknowns_before_handoff=self.unknowns_before_handoff,
            retention=timedelta(days=self.retention_days),
            writes=self.writer,
            audience=self.audience,
            feelings=self.audience == "customers" if self.feelings is None else self.feelings,
            help_line=self.help_line,
            ladder=ladders.get(self.ladder or ""),
            team_ladders=team_ladders,
            hours=hours.get(self.hours or ""),
            quiet_reminder=timedelta(minutes=remind) if remind else None,
            quiet_release=timedelta(minutes=self.quiet_release_minutes),
            proposes=self.audience == "customers" if self.proposes is None else self.proposes,
            silence=timedelta(hours=self.silence_hours),
            csat=self.csat,
            csat_window=timedelta(hours=self.csat_hours),
            scores_people=self.score_people and self.audience == "customers",
            prompts=self.prompts,
        )
