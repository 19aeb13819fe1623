"""The table of the settings that connects Slack."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SlackSection(BaseModel):
    """One app in one workspace. The tokens are best given by the environment, as Slack names them.

    With a `client_id` and `client_secret` other workspaces may install the app at /slack/install.
    With an `app_token` events come through Socket Mode, and no public URL is needed; with a
    `signing_secret` they come by HTTP.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bot_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    base_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.+/$")

    def config(self, given: Mapping[str, str], public_url: str | None = None) -> "SlackConfig":
        """What is set, completed by `given`: an environment with the names Slack uses."""
        return SlackConfig(
            bot_token=_known(self.bot_token) or given.get("SLACK_BOT_TOKEN", ""),
            signing_secret=_known(self.signing_secret) or given.get("SLACK_SIGNING_SECRET", ""),
            app_token=_known(self.app_token) or given.get("SLACK_APP_TOKEN", ""),
            client_id=self.client_id or given.get("SLACK_CLIENT_ID", ""),
            client_secret=_known(self.client_secret) or given.get("SLACK_CLIENT_SECRET", ""),
            base_url=self.base_url,
            public_url=(public_url or "").rstrip("/"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackConfig:
    """How Slack is reached and believed; an empty secret is one that was not given."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    base_url: str = "https://slack.com/api/"
    public_url: str = ""

    def installs(self) -> bool:
        """Whether other workspaces may install the app."""
        return bool(self.client_id)

    def faults(self) -> list[str]:
        """What keeps Slack from being connected, a sentence each."""
        found = []
        alone = not self.installs()
        if (self.bot_token or alone) and not self.bot_token.startswith("xoxb-"):
            found.append(
                "channels.slack.bot_token: set SLACK_BOT_TOKEN to the bot token, which begins with "
                "xoxb- (app settings, OAuth & Permissions)"
            )
        if self.app_token and not self.app_token.startswith("xapp-"):
            found.append(
                "channels.slack.app_token: set SLACK_APP_TOKEN to the app-level token, which "
                "begins with xapp- (app settings, Basic Information)"
            )
        if not self.app_token and not self.signing_secret:
            found.append(
                "channels.slack: set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for "
                "events by HTTP (app settings, Basic Information)"
            )
        if bool(self.client_id) != bool(self.client_secret):
            found.append(
                "channels.slack: for installs by other workspaces set both SLACK_CLIENT_ID and "
                "SLACK_CLIENT_SECRET (app settings, Basic Information)"
            )
        if self.installs() and not self.public_url:
            found.append(
                "channels.slack: for installs by other workspaces set server.public_url, the "
                "address at which Slack sends people back"
            )
        return found


def _known(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
