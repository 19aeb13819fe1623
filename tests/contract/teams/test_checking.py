"""What `careline check` finds out about a Teams app, against Microsoft's side on loopback."""

from dataclasses import replace

from channels.teams.checking import trouble
from channels.teams.section import TeamsConfig
from tests.doubles.teams import Microsoft


async def test_an_app_that_is_known_has_no_trouble(config: TeamsConfig):
    assert await trouble(config) == []


async def test_a_wrong_password_is_told(config: TeamsConfig):
    (fault,) = await trouble(replace(config, password="wrong"))  # noqa: S106  the test's
    assert "TEAMS_APP_PASSWORD" in fault


async def test_everything_away_is_told_at_once(config: TeamsConfig):
    nowhere = "http://127.0.0.1:9"
    away = replace(config, token_url=f"{nowhere}/t", openid_metadata_url=f"{nowhere}/o")
    assert [fault.split(":")[0] for fault in await trouble(away)] == [
        "channels.teams.login_url",
        "channels.teams.openid_metadata_url",
    ]


async def test_keys_away_are_told(config: TeamsConfig, there: Microsoft):
    there.keys_away = True
    (fault,) = await trouble(config)
    assert "401" in fault
