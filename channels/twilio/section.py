"""The table of the settings that connects WhatsApp and SMS through Twilio."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, SecretStr

MESSAGES, STATUS = "/twilio/messages", "/twilio/status"
"""The paths of our webhooks."""
API = "https://api.twilio.com"


class TwilioSection(BaseModel):
    """One account. What is secret is best given by the environment, as Twilio names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_sid: str | None = None
    auth_token: SecretStr | None = None
    api_url: str = Field(default=API, pattern=r"^https?://.+[^/]$")

    def config(self, given: Mapping[str, str], public_url: str | None) -> "TwilioConfig":
        """What is set, completed by `given`: an environment with the names Twilio uses."""
        token = self.auth_token.get_secret_value() if self.auth_token is not None else ""
        return TwilioConfig(
            account_sid=self.account_sid or given.get("TWILIO_ACCOUNT_SID", ""),
            auth_token=token or given.get("TWILIO_AUTH_TOKEN", ""),
            api_url=self.api_url,
            public_url=(public_url or "").rstrip("/"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioConfig:
    """How Twilio is reached and believed; `public_url` is how it reaches us."""

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str
    api_url: str = API

    def faults(self) -> list[str]:
        """What keeps Twilio from being connected, a sentence each."""
        found = []
        if not self.account_sid.startswith("AC"):
            found.append(
                "channels.twilio.account_sid: set TWILIO_ACCOUNT_SID to the Account SID, which "
                "begins with AC (Twilio Console, Account Info)"
            )
        if not self.auth_token:
            found.append(
                "channels.twilio.auth_token: set TWILIO_AUTH_TOKEN to the account's Auth Token "
                "(Twilio Console, Account Info)"
            )
        if not self.public_url:
            found.append(
                "server.public_url: Twilio signs the address that it calls; set the https:// "
                f"address under which it reaches {MESSAGES}"
            )
        return found
