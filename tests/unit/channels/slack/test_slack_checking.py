"""`careline check` says of Slack what is to be clicked."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.message import Address
from channels.slack.checking import trouble
from channels.slack.section import SlackConfig
from tests.contract.slack.double import APP_TOKEN, TOKEN, SlackDouble, slack_double
from tests.contract.slack.events import TEAM

ROOM = Address(channel="slack", account=TEAM, room="C0CALL")


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with slack_double() as double:
        yield double


def config(slack: SlackDouble, token: str = TOKEN, app: str = APP_TOKEN) -> SlackConfig:
    return SlackConfig(bot_token=token, app_token=app, base_url=slack.url)


async def test_nothing_is_said_when_all_is_well(slack: SlackDouble):
    assert await trouble(config(slack), [ROOM]) == []


async def test_a_wrong_token_is_said(slack: SlackDouble):
    (said,) = await trouble(config(slack, token="xoxb-wrong"), [ROOM])  # noqa: S106  a wrong one
    assert "invalid_auth" in said
    assert "OAuth & Permissions" in said


async def test_missing_scopes_are_named(slack: SlackDouble):
    slack.scopes = slack.scopes - {"chat:write.customize", "users:read"}
    (said,) = await trouble(config(slack), [ROOM])
    assert "the app lacks chat:write.customize, users:read:" in said


async def test_a_channel_without_the_app_is_said(slack: SlackDouble):
    slack.joined.clear()
    (said,) = await trouble(config(slack), [ROOM])
    assert "/invite" in said


async def test_another_workspace_is_said(slack: SlackDouble):
    room = Address(channel="slack", account="T0OTHER", room="C0CALL")
    (said,) = await trouble(config(slack), [room])
    assert f'account = "{TEAM}"' in said


async def test_a_wrong_app_token_is_said(slack: SlackDouble):
    (said,) = await trouble(config(slack, app="xapp-wrong"), [ROOM])
    assert "connections:write" in said


async def test_an_unknown_channel_is_said(slack: SlackDouble):
    room = Address(channel="slack", account=TEAM, room="general")
    (said,) = await trouble(config(slack), [room])
    assert "channel_not_found" in said


async def test_slack_that_is_away_is_said(slack: SlackDouble):
    there = SlackConfig(bot_token=TOKEN, base_url="http://127.0.0.1:9/api/")
    (said,) = await trouble(there, [ROOM])
    assert "cannot be reached" in said
    assert slack.calls["auth.test"] == 0
