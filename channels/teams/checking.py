"""What `careline check` asks Microsoft: whether we get a token, and whether its keys are there."""

import time

import aiohttp

from bot.domain.errors import ChannelError, Refused
from channels.teams.section import TeamsConfig
from channels.teams.signature import Keys
from channels.teams.tokens import AppToken


async def trouble(config: TeamsConfig) -> list[str]:
    """A sentence for each thing that is wrong, with what to do."""
    async with aiohttp.ClientSession() as session:
        token = AppToken(config, lambda: session, time.monotonic)
        keys = Keys(config.openid_metadata_url, lambda: session, time.monotonic)
        faults = [await _token(token, config), await _keys(keys, config)]
    return [fault for fault in faults if fault]


async def _token(token: AppToken, config: TeamsConfig) -> str:
    try:
        await token.get()
    except Refused:
        return (
            "channels.teams: Microsoft gives our app no token: compare TEAMS_APP_ID and "
            "TEAMS_TENANT_ID with the app's registration in Azure (Overview), and make a new "
            "client secret for TEAMS_APP_PASSWORD (Certificates & secrets; its value, not its id)"
        )
    except ChannelError:
        return (
            f"channels.teams.login_url: nothing answers at {config.token_url}: is it the right one?"
        )
    return ""


async def _keys(keys: Keys, config: TeamsConfig) -> str:
    await keys.find("")
    if keys.known():
        return ""
    return (
        f"channels.teams.openid_metadata_url: no keys at {config.openid_metadata_url}: without "
        "them nothing that Teams sends can be verified, and all of it gets 401"
    )
