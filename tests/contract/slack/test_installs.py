"""Other workspaces install the app, are answered by their own token, and leave again."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.errors import Refused
from bot.domain.message import Address, Outbound, Text
from bot.domain.ports import Received, Request
from channels.slack.channel import SlackChannel
from channels.slack.installing import BACK, INSTALL, Installing
from channels.slack.needs import scopes
from channels.slack.section import SlackConfig
from tests.contract.slack import events
from tests.contract.slack.around import around
from tests.contract.slack.double import CLIENT, TOKEN, Fault, SlackDouble, slack_double
from tests.fakes.clock import FakeClock
from tests.fakes.installs import FakeInstalls

OTHER = {
    "access_token": "xoxb-other",
    "bot_user_id": "U0BOT2",
    "app_id": "A0CARE",
    "team": {"id": "T0SHOP", "name": "Shop <b>"},
    "enterprise": None,
    "is_enterprise_install": False,
}
WHOLE = OTHER | {
    "access_token": "xoxb-grid",
    "team": None,
    "enterprise": {"id": "E0GRID", "name": "Grid"},
    "is_enterprise_install": True,
}


class Office:
    """A channel, its pages in a browser, and where installs are kept."""

    def __init__(self, slack: SlackDouble) -> None:
        self.slack, self.clock, self.installs = slack, FakeClock(), FakeInstalls()
        self.config = SlackConfig(
            bot_token=TOKEN,
            signing_secret=events.SECRET,
            client_id=CLIENT[0],
            client_secret=CLIENT[1],
            base_url=slack.url,
            public_url="http://127.0.0.1",
        )
        self.channel = self.opened()
        self.browser: TestClient[Any, Any]

    def opened(self, **changes: str) -> SlackChannel:
        """A replica."""
        config = replace(self.config, **changes)
        return SlackChannel(config, self.clock, around(installs=self.installs))

    async def begins(self) -> str:
        """The state that Slack's page is asked with."""
        async with self.browser.get(INSTALL, allow_redirects=False) as answer:
            assert answer.status == 302
            asked = urlsplit(answer.headers["Location"])
        query = parse_qs(asked.query)
        assert asked.path == "/oauth/v2/authorize"
        assert set(query["scope"][0].split(",")) == scopes()
        assert query["redirect_uri"] == [f"http://127.0.0.1{BACK}"]
        return query["state"][0]

    async def returns(self, **query: str) -> tuple[int, str]:
        async with self.browser.get(BACK, params=query) as answer:
            return answer.status, await answer.text()

    async def installs_it(self, found: dict[str, Any], code: str = "c1") -> tuple[int, str]:
        self.slack.codes[code] = found
        return await self.returns(state=await self.begins(), code=code)

    async def hears(self, team: str, channel: SlackChannel | None = None, **more: Any) -> Received:
        said = events.message("Hello", channel="D0CUST", user="U0CUST", team=team)
        return await self.gets(events.envelope(said, team=team, **more), channel)

    async def gets(self, told: dict[str, Any], channel: SlackChannel | None = None) -> Received:
        body = json.dumps(told).encode()
        headers = events.signed(body, self.clock.now().timestamp())
        request = Request(method="POST", url="/slack/events", headers=headers, body=body)
        return await (channel or self.channel).receive(request)

    async def says(self, team: str) -> str:
        """Who by his token says something there."""
        row = Outbound(
            key="k1",
            address=Address(channel="slack", account=team, room="D0CUST"),
            parts=(Text(text="Hi"),),
            author="bot",
            trace="t",
            holder_version=1,
        )
        await self.channel.send(row)
        return str(self.slack.messages[-1]["token"])


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with slack_double() as slack:
        made = Office(slack)
        pages = Installing(config=made.config, installs=made.installs, clock=made.clock).pages()
        app = web.Application()
        app.add_routes(pages)
        async with TestClient(TestServer(app, host="127.0.0.1")) as browser:
            made.browser = browser
            yield made
        await made.channel.close()


async def test_an_installed_workspace_is_answered_by_its_own_token(office: Office):
    status, page = await office.installs_it(OTHER)
    assert status == 200
    assert "slack:T0SHOP" in page
    assert "Shop &lt;b&gt;" in page
    (event,) = (await office.hears("T0SHOP")).events
    assert event.address.account == "T0SHOP"
    assert await office.says("T0SHOP") == "xoxb-other"
    (event,) = (await office.hears(events.TEAM)).events
    assert await office.says(events.TEAM) == TOKEN


async def test_all_replicas_know_of_it(office: Office):
    replica = office.opened(bot_token="")
    await office.installs_it(OTHER)
    assert len((await office.hears("T0SHOP", replica)).events) == 1
    await replica.close()


async def test_an_unknown_workspace_is_acknowledged_and_not_heard(office: Office):
    received = await office.hears("T0NEW")
    assert received.events == ()
    assert received.reply.status == 200
    with pytest.raises(Refused) as caught:
        await office.says("T0NEW")
    assert "/slack/install" in (caught.value.remedy or "")


async def test_an_organisations_install_is_good_for_its_workspaces(office: Office):
    await office.installs_it(WHOLE)
    (event,) = (await office.hears("T0PART", organisation="E0GRID")).events
    assert event.address.account == "T0PART"
    assert await office.says("T0PART") == "xoxb-grid"


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_who_removes_the_app_is_forgotten(office: Office, kind: str):
    await office.installs_it(OTHER)
    await office.hears("T0SHOP")
    event: dict[str, Any] = {"type": kind, "event_ts": "1772442000.1"}
    if kind == "tokens_revoked":
        await office.gets(events.envelope(event | {"tokens": {"oauth": ["U1"]}}, team="T0SHOP"))
        assert len((await office.hears("T0SHOP")).events) == 1
        event["tokens"] = {"bot": ["U0BOT2"], "oauth": []}
    await office.gets(events.envelope(event, team="T0SHOP"))
    assert office.installs.kept == {}
    assert (await office.hears("T0SHOP")).events == ()


async def test_a_later_install_takes_the_place_of_an_earlier_one(office: Office):
    await office.installs_it(OTHER)
    await office.says("T0SHOP")
    await office.installs_it(OTHER | {"access_token": "xoxb-newer"}, "c2")
    office.clock.advance(timedelta(minutes=2))
    assert await office.says("T0SHOP") == "xoxb-newer"


async def test_a_state_is_good_for_one_browser_and_one_time(office: Office):
    office.slack.codes |= {"c1": OTHER, "c2": OTHER}
    assert (await office.returns(state="guessed", code="c1"))[0] == 400
    state = await office.begins()
    assert (await office.returns(state=state + "x", code="c1"))[0] == 400
    assert (await office.returns(state=state, code="c1"))[0] == 400
    state = await office.begins()
    assert (await office.returns(state=state, code="c1"))[0] == 200
    status, page = await office.returns(state=state, code="c2")
    assert status == 400
    assert "Install again" in page
    assert len(office.installs.kept) == 1


async def test_what_goes_wrong_is_told_in_words(office: Office):
    told = await office.returns(state=await office.begins(), error="access_denied")
    assert told[0] == 403
    assert "did not allow" in told[1]
    told = await office.returns(state=await office.begins(), error="<script>")
    assert "<script>" not in told[1]
    assert (await office.returns(state=await office.begins()))[0] == 400
    assert "invalid_code" in (await office.returns(state=await office.begins(), code="no"))[1]
    assert (await office.installs_it({"access_token": "x", "team": None}))[0] == 502
    office.slack.fail("oauth.v2.access", Fault(503))
    assert (await office.installs_it(OTHER))[0] == 503
    office.installs.away = True
    assert (await office.installs_it(OTHER))[0] == 503
    office.installs.away = False
    assert office.installs.kept == {}


def test_what_is_needed_is_said():
    alone = SlackConfig(bot_token="", client_id="1", signing_secret="x")  # noqa: S106  nobody's
    faults = " ".join(alone.faults())
    assert "SLACK_CLIENT_SECRET" in faults
    assert "server.public_url" in faults
    assert "SLACK_BOT_TOKEN" not in faults
