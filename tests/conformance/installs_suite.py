"""What every `Installs` must do."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.installs import Install, Installs

CARE = Install(
    channel="slack",
    account="T1",
    name="Care",
    user="U1",
    bot="B1",
    token="xoxb-secret",  # noqa: S106  nobody's
    scopes=("chat:write", "commands"),
    at=datetime(2026, 3, 2, 9, tzinfo=UTC),
)
SHOP = replace(CARE, account="T2", name="Shop", organisation="E1")


class InstallsSuite:
    async def test_what_was_put_comes_back(self, installs: Installs):
        await installs.put(SHOP)
        await installs.put(CARE)
        assert await installs.get("slack", "T1") == CARE
        assert await installs.all("slack") == (CARE, SHOP)
        assert await installs.get("slack", "T3") is None
        assert await installs.get("teams", "T1") is None
        assert await installs.all("teams") == ()

    async def test_a_later_one_takes_the_place(self, installs: Installs):
        await installs.put(CARE)
        later = replace(CARE, token="xoxb-other")  # noqa: S106  nobody's
        await installs.put(later)
        assert await installs.all("slack") == (later,)

    async def test_an_organisation_takes_its_workspaces_along(self, installs: Installs):
        for one in (CARE, SHOP, replace(SHOP, account="E1", organisation=None)):
            await installs.put(one)
        await installs.remove("slack", "E1")
        await installs.remove("slack", "E1")
        assert await installs.all("slack") == (CARE,)

    async def test_a_token_is_not_shown(self, installs: Installs):
        await installs.put(CARE)
        assert "secret" not in repr(await installs.get("slack", "T1"))
