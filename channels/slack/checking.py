"""What `careline check` says of Slack: the token, its permissions, and the staff channels."""

from collections.abc import Sequence

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.message import Address
from channels.slack.errors import code_of
from channels.slack.needs import scopes
from channels.slack.section import SlackConfig

_AGAIN = "then Reinstall to Workspace, and set SLACK_BOT_TOKEN to the new token"


async def trouble(config: SlackConfig, rooms: Sequence[Address]) -> list[str]:
    """A sentence for each thing that is to be mended, and what to click; none when all is well."""
    if not config.bot_token:
        return await _socket(config)
    web = AsyncWebClient(token=config.bot_token, base_url=config.base_url, timeout=10)
    try:
        found = await web.auth_test()
        given = str(found.headers.get("x-oauth-scopes", ""))
        told = [*_scopes(given), *_accounts(str(found["team_id"]), rooms)]
        for room in rooms:
            told += await _room(web, room)
        return [*told, *(await _socket(config))]
    except SlackApiError as exc:
        return [_refused(code_of(exc))]
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
        return [f"channels.slack: {config.base_url} cannot be reached from here"]


def _refused(code: str) -> str:
    if not code:
        return "channels.slack: Slack answers with an error of its own; try again later"
    return (
        f"channels.slack.bot_token: Slack answers {code}. Copy the token anew: app settings, "
        "OAuth & Permissions, Bot User OAuth Token"
    )


def _scopes(given: str) -> list[str]:
    """The scopes of the token stand in a header of every answer."""
    missing = sorted(scopes() - {one.strip() for one in given.split(",")})
    if not missing:
        return []
    return [
        f"channels.slack: the app lacks {', '.join(missing)}: app settings, OAuth & Permissions, "
        f"Scopes, Bot Token Scopes, add them; {_AGAIN}"
    ]


def _accounts(team: str, rooms: Sequence[Address]) -> list[str]:
    return [
        f"staff_room {room.account}:{room.room}: the token belongs to workspace {team}; write "
        f'account = "{team}"'
        for room in rooms
        if room.account != team
    ]


async def _room(web: AsyncWebClient, room: Address) -> list[str]:
    try:
        found = await web.conversations_info(channel=room.room)
    except SlackApiError as exc:
        if code_of(exc) == "missing_scope":
            return []  # told of already
        return [
            f"staff_room {room.room}: Slack answers {code_of(exc)}. Copy the channel's ID (its "
            "name, About, at the bottom), and invite the app there: /invite @careline"
        ]
    channel = found["channel"]
    if channel.get("is_archived"):
        return [f"staff_room {room.room}: the channel is archived; unarchive it"]
    if not channel.get("is_member"):
        return [f"staff_room {room.room}: the app is not in it. Write there: /invite @careline"]
    return []


async def _socket(config: SlackConfig) -> list[str]:
    if not config.app_token:
        return []
    web = AsyncWebClient(base_url=config.base_url, timeout=10)
    try:
        await web.apps_connections_open(app_token=config.app_token)
    except SlackApiError as exc:
        return [
            f"channels.slack.app_token: Slack answers {code_of(exc)}. Make one: app settings, "
            "Basic Information, App-Level Tokens, scope connections:write; switch Socket Mode on"
        ]
    return []
