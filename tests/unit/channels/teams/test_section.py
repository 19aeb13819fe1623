"""Whether Teams is set up, in part, or not at all."""

import pytest

from channels.teams.section import TeamsSection


def test_nothing_is_no_teams():
    section = TeamsSection()
    assert section.faults(None, None, "a tenant alone is nobody's app") == []
    assert section.config(None, None, None) is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (("app", None, None), ["TEAMS_TENANT_ID", "TEAMS_APP_PASSWORD"]),
        ((None, "secret", None), ["TEAMS_APP_ID", "TEAMS_TENANT_ID"]),
        (("app", "secret", None), ["TEAMS_TENANT_ID"]),
    ],
)
def test_what_is_missing_is_told_at_once(given: tuple[str | None, ...], missing: list[str]):
    faults = TeamsSection().faults(*given)
    assert len(faults) == len(missing)
    for fault, name in zip(faults, missing, strict=True):
        assert name in fault
        assert "secret" not in fault.replace("client secret", "")


def test_the_environment_wins_and_addresses_are_joined():
    section = TeamsSection(app_id="of the file", login_url="https://login.example/")
    config = section.config("app", "a password", "tenant")
    assert config is not None
    assert config.app_id == "app"
    assert config.token_url == "https://login.example/tenant/oauth2/v2.0/token"  # noqa: S105  an address
    assert "a password" not in repr(config)
