"""The table of the settings for Teams; every address is a setting, for other clouds and tests."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

_URL = r"^https?://[^\s]+$"


class TeamsSection(BaseModel):
    """`[channels.teams]`; the app's password comes from the environment alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app_id: str | None = None
    tenant_id: str | None = None
    openid_metadata_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration", pattern=_URL
    )
    issuer: str = Field(default="https://api.botframework.com", min_length=1)
    login_url: str = Field(default="https://login.microsoftonline.com", pattern=_URL)
    scope: str = Field(default="https://api.botframework.com/.default", min_length=1)
    service_url: str = Field(default="https://smba.trafficmanager.net/teams", pattern=_URL)

    def faults(self, app_id: str | None, password: str | None, tenant: str | None) -> list[str]:
        """What is missing once anything of Teams is set up; the values of the environment."""
        if not (app_id or password or self.app_id):
            return []
        wanted = (
            (app_id or self.app_id, "channels.teams.app_id", "TEAMS_APP_ID", "the bot's app id"),
            (tenant or self.tenant_id, "channels.teams.tenant_id", "TEAMS_TENANT_ID", "its tenant"),
            (password, "TEAMS_APP_PASSWORD", "TEAMS_APP_PASSWORD", "a client secret of the app"),
        )
        return [
            f"{key}: Teams is set up in part; set {name} to {what}"
            for value, key, name, what in wanted
            if not value
        ]

    def config(
        self, app_id: str | None, password: str | None, tenant: str | None
    ) -> "TeamsConfig | None":
        """What the channel needs, None where Teams is not set up."""
        given, home = app_id or self.app_id, tenant or self.tenant_id
        if not (given and home and password):
            return None
        return TeamsConfig(
            app_id=given,
            tenant_id=home,
            password=password,
            openid_metadata_url=self.openid_metadata_url,
            issuer=self.issuer,
            token_url=f"{self.login_url.rstrip('/')}/{home}/oauth2/v2.0/token",
            scope=self.scope,
            service_url=self.service_url.rstrip("/"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsConfig:
    """One app in one tenant, and where the services are that it talks to."""

    app_id: str
    tenant_id: str
    password: str = field(repr=False)
    openid_metadata_url: str
    issuer: str
    token_url: str
    scope: str
    service_url: str
