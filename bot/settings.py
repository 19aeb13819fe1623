"""Every knob: `careline.toml`, then the environment; all faults are named at once."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic_settings
from pydantic import (
    AfterValidator,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from bot.connectors.oncall.faults import oncall_faults
from bot.connectors.oncall.section import (
    CalloutSection,
    HoursSection,
    LadderSection,
    OnCallSection,
    Source,
    TeamSection,
)
from bot.core.rules.section import Contacts, RuleSection, by_name, condition_faults, rule_faults
from bot.domain.errors import SettingsError
from bot.domain.line import Line
from bot.domain.oncall import Team
from bot.faults import cross_faults, faults_of, unreadable
from bot.sections import LineSection, Section
from bot.writer.config import WriterConfig
from bot.writer.section import VENDOR_KEYS, WriterSection
from channels.slack.section import SlackConfig, SlackSection
from channels.teams.section import TeamsConfig, TeamsSection
from channels.twilio.section import TwilioConfig, TwilioSection

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
"""What a table of a kind is called: lower-case letters, digits, dash and underscore."""


class Server(Section):
    """The door."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    work_port: int | None = Field(default=None, ge=0, le=65535)
    public_url: str | None = Field(default=None, pattern=r"^https?://")
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    workers_expected: bool = True


def _postgres_only(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("postgresql://", "postgres://", "postgresql+")):
        raise ValueError("must start with postgresql://: PostgreSQL is the only database")
    return url


PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_only)]
Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:[0-9]+)?$")]
"""An origin as browsers send it: lower case, no path, no slash at the end."""


class DatabaseSection(Section):
    """PostgreSQL; without a URL an embedded one runs under the data folder."""

    url: PostgresUrl | None = None
    pool: int = Field(default=16, ge=2, le=100)


class Work(Section):
    """The engine."""

    concurrency: int = Field(default=32, ge=1, le=500)
    think_concurrency: int = Field(default=64, ge=1, le=500)
    max_tries: int = Field(default=3, ge=1, le=20)
    compose_seconds: float = Field(default=20, gt=0, le=300)


class Knowledge(Section):
    """The library."""

    encoder: Path | None = None
    chroma_url: str | None = Field(default=None, pattern=r"^https?://")
    threads: int = Field(default=1, ge=1, le=64)
    packs: bool = True


class ChatRates(Section):
    """How fast one visitor, and one network address, may write before it is told to wait.

    A burst is a number of messages, the rest messages a second. `newcomer` counts new visitors.
    One address may ask for no more than a fraction of what an engine can do.
    """

    visitor_burst: int = Field(default=40, ge=1)
    visitor_per_second: float = Field(default=3, gt=0)
    address_burst: int = Field(default=400, ge=1)
    address_per_second: float = Field(default=60, gt=0)
    newcomer_burst: int = Field(default=200, ge=1)
    newcomer_per_second: float = Field(default=5, gt=0)


class Chat(Section):
    """The web chat."""

    allowed_origins: tuple[Origin, ...] = ()
    line: str | None = None
    rates: ChatRates = ChatRates()


class Channels(Section):
    """The platforms that are connected; a table that is there connects one."""

    slack: SlackSection | None = None
    teams: TeamsSection = TeamsSection()
    twilio: TwilioSection | None = None


class FilesSection(Section):
    """Files that people give each other."""

    scan_url: str | None = Field(default=None, pattern=r"^https?://")


class Log(Section):
    """The log."""

    level: Literal["debug", "info", "warning", "error"] = "info"


_DEFAULT_LINES = {
    "shop": LineSection(title="the shop", kb="shop"),
    "it": LineSection(title="the IT help desk", kb="it-helpdesk", audience="employees"),
}


def default_data() -> Path:
    """Where data lives when nobody says: the place of the system for it."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/careline")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Careline"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "careline"


class Settings(BaseSettings):
    """Everything that can be set. Keys are documented in `deploy/README.md`."""

    model_config = SettingsConfigDict(
        env_prefix="CARELINE_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        toml_file=None,
    )

    data: Path = Field(default_factory=default_data)
    keys: SecretStr | None = None
    server: Server = Server()
    database: DatabaseSection = DatabaseSection()
    work: Work = Work()
    knowledge: Knowledge = Knowledge()
    chat: Chat = Chat()
    log: Log = Log()
    channels: Channels = Channels()
    files: FilesSection = FilesSection()
    writer: WriterSection = WriterSection()
    rules: tuple[RuleSection, ...] = ()
    contacts: Contacts = Field(default_factory=dict)
    oncall: OnCallSection = OnCallSection()
    teams: dict[Name, TeamSection] = Field(default_factory=dict)
    hours: dict[Name, HoursSection] = Field(default_factory=dict)
    ladders: dict[Name, LadderSection] = Field(default_factory=dict)
    callouts: dict[Name, CalloutSection] = Field(default_factory=dict)
    lines: dict[Name, LineSection] = Field(default_factory=lambda: dict(_DEFAULT_LINES))

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line wins over the environment, the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(config: Path | None, data: Path | None) -> Settings:
    """Read the settings. Raises `SettingsError` with every fault."""
    file = config or _found(data)
    if config is not None and not config.is_file():
        raise SettingsError([f"{config}: no such file; --config wants a careline.toml"])
    given = {} if data is None else {"data": data.expanduser().absolute()}

    raw: dict[str, Any] = {}

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

        @model_validator(mode="before")
        @classmethod
        def keep(cls, values: dict[str, Any]) -> dict[str, Any]:
            raw.update(values)
            return values

    try:
        settings = FromFile(**given)  # type: ignore[arg-type]  # only `data` is ever given
    except ValidationError as exc:
        shapes, rules = faults_of(exc, file), raw.get("rules")
        raise SettingsError(
            [*by_name(shapes, rules), *_crossed(raw), *condition_faults(rules)]
        ) from exc
    except pydantic_settings.SettingsError as exc:
        raise SettingsError([unreadable(str(exc))]) from exc
    except ValueError as exc:  # the file is not TOML
        raise SettingsError([f"{file}: not a TOML file: {exc}"]) from exc
    if faults := [*_crossed(raw), *rule_faults(settings.rules, settings.lines)]:
        raise SettingsError(faults)
    return settings


def _crossed(raw: dict[str, Any]) -> list[str]:
    """Faults between keys."""
    lines = dict(_DEFAULT_LINES)
    return by_name([*cross_faults(raw, lines), *oncall_faults(raw, lines)], raw.get("rules"))


def options_of(settings: Settings) -> list[str]:
    """The global options by which a child process reads the very file we have, and our data."""
    file = settings.model_config.get("toml_file")
    config = ["--config", str(file)] if file else []
    return [*config, "--data", str(settings.data)]


def writer_of(settings: Settings) -> WriterConfig | None:
    """The writer that is set up, None without one. Raises `SettingsError` with every fault."""
    section = settings.writer
    vendor_key = os.environ.get(VENDOR_KEYS[section.provider]) if section.provider else None
    if faults := section.faults(vendor_key):
        raise SettingsError(faults)
    return section.config(vendor_key, settings.work.compose_seconds)


def slack_of(settings: Settings) -> SlackConfig | None:
    """How Slack is connected, None where it is not. Raises `SettingsError` with every fault."""
    section = settings.channels.slack
    if section is None:
        return None
    config = section.config(os.environ, settings.server.public_url)
    if faults := config.faults():
        raise SettingsError(faults)
    return config


def twilio_of(settings: Settings) -> TwilioConfig | None:
    """How Twilio is connected, None where it is not. Raises `SettingsError` with every fault."""
    section = settings.channels.twilio
    config = section.config(os.environ, settings.server.public_url) if section else None
    if config is not None and (faults := config.faults()):
        raise SettingsError(faults)
    return config


def teams_app_of(settings: Settings) -> TeamsConfig | None:
    """The Teams app that is set up, None without one. Raises `SettingsError` with every fault."""
    given = [os.environ.get(f"TEAMS_{n}") for n in ("APP_ID", "APP_PASSWORD", "TENANT_ID")]
    if faults := settings.channels.teams.faults(*given):
        raise SettingsError(faults)
    return settings.channels.teams.config(*given)


def lines_of(settings: Settings) -> tuple[Line, ...]:
    """The lines as the domain knows them."""
    hours = {name: section.hours() for name, section in settings.hours.items()}
    ladders = {name: section.ladder() for name, section in settings.ladders.items()}
    wanted = ((name, ladders.get(team.ladder or "")) for name, team in settings.teams.items())
    of_teams = tuple((name, ladder) for name, ladder in wanted if ladder is not None)
    return tuple(
        section.line(name, hours=hours, ladders=ladders, team_ladders=of_teams)
        for name, section in settings.lines.items()
    )


def teams_of(settings: Settings) -> tuple[Team, ...]:
    """The teams as the domain knows them; a calendar is named by a digest of where it is."""
    hours = {name: section.hours() for name, section in settings.hours.items()}
    return tuple(
        section.team(name, hours.get(section.hours or ""))
        for name, section in settings.teams.items()
    )


def calendars_of(settings: Settings) -> tuple[Source, ...]:
    """Every calendar of every team."""
    return tuple(s for name, section in settings.teams.items() for s in section.sources(name))


def _found(data: Path | None) -> Path | None:
    """`careline.toml` here, else in the data folder."""
    folder = data or Path(os.environ.get("CARELINE_DATA") or default_data())
    for candidate in (Path("careline.toml"), folder / "careline.toml"):
        if candidate.is_file():
            return candidate
    return None
