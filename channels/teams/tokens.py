"""The token that we show the connector: asked for once, kept until shortly before its end."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import aiohttp

from bot.domain.errors import Refused, TryLater
from channels.teams.section import TeamsConfig

EARLY_S = 300
_LEAST_S = 30
_PATIENCE = aiohttp.ClientTimeout(total=10)
_AGAIN = timedelta(seconds=5)
_DENIED = range(400, 500)
_TOO_MANY = 429
_REMEDY = "Check TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_ID; `careline check` tells more."


class AppToken:
    """Client credentials of a single-tenant app (RFC 6749, 4.4)."""

    def __init__(
        self,
        config: TeamsConfig,
        session: Callable[[], aiohttp.ClientSession],
        now: Callable[[], float],
    ) -> None:
        self._config = config
        self._session = session
        self._now = now
        self._token = ""
        self._until = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token that is still valid for a while. Raises `TryLater` or `Refused`."""
        async with self._lock:
            if self._now() >= self._until:
                await self._ask()
            return self._token

    def forget(self, token: str) -> None:
        """The connector did not take this one."""
        if token == self._token:
            self._until = float("-inf")

    async def _ask(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._config.app_id,
            "client_secret": self._config.password,
            "scope": self._config.scope,
        }
        try:
            asked = self._session().post(self._config.token_url, data=form, timeout=_PATIENCE)
            async with asked as answer:
                if answer.status in _DENIED and answer.status != _TOO_MANY:
                    raise Refused("Microsoft gives our app no token", remedy=_REMEDY)
                answer.raise_for_status()
                found = await answer.json(content_type=None)
            self._token = str(found["access_token"])
            lasts = float(found.get("expires_in", 3600))
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise TryLater(_AGAIN) from exc
        except (ValueError, KeyError, TypeError) as exc:
            raise TryLater(_AGAIN) from exc
        self._until = self._now() + max(lasts - EARLY_S, min(lasts / 2, _LEAST_S))
