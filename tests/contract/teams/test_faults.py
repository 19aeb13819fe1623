"""A connector that is busy, away, slow or has thrown us out: what is sent again, what not."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import Refused, TryLater
from bot.domain.message import Address, Text
from channels.teams import connector
from channels.teams.channel import TeamsChannel
from channels.teams.section import TeamsConfig
from tests.conformance.channel_suite import outbound
from tests.contract.teams.conftest import Post
from tests.doubles.teams import APP, TENANT, Microsoft
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore

ADA = Address(channel="teams", account=TENANT, room="a:ada")
BEN = replace(ADA, room="a:ben")
ROW = outbound(ADA, "k1", (Text(text="hello"),))


@pytest.mark.parametrize(
    ("status", "given", "after"),
    [
        (429, "7", 7),
        (429, "", 2),
        (429, "soon", 2),
        (429, "99999", 300),
        (412, "", 2),
        (500, "", 2),
        (502, "", 2),
        (503, "9", 9),
        (504, "", 2),
    ],
)
async def test_a_no_for_now_is_tried_again(
    channel: TeamsChannel, there: Microsoft, status: int, given: str, after: int
):
    there.failing = [(status, given)]
    with pytest.raises(TryLater) as caught:
        await channel.send(ROW)
    assert caught.value.after == timedelta(seconds=after)
    assert there.sent == []
    await channel.send(ROW)
    assert there.shown("a:ada") == ["hello"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413])
async def test_a_no_for_good_is_told(channel: TeamsChannel, there: Microsoft, status: int):
    there.failing = [(status, "")]
    with pytest.raises(Refused):
        await channel.send(ROW)


async def test_the_app_removed_is_told_with_a_remedy(channel: TeamsChannel, there: Microsoft):
    await channel.send(ROW)
    there.gone.add("a:ada")
    with pytest.raises(Refused) as caught:
        await channel.send(ROW)
    assert "removed" in caught.value.reason
    assert caught.value.remedy
    await channel.send(replace(ROW, address=BEN))


async def test_a_token_not_taken_any_more_is_renewed(channel: TeamsChannel, there: Microsoft):
    await channel.send(ROW)
    there.tokens = set()
    await channel.send(ROW)
    assert len(there.logins) == 2


async def test_a_wrong_password_is_told(there: Microsoft, config: TeamsConfig, clock: FakeClock):
    wrong = TeamsChannel(replace(config, password="wrong"), FakeStore(), clock)  # noqa: S106  the test's
    with pytest.raises(Refused) as caught:
        await wrong.send(ROW)
    assert "TEAMS_APP_PASSWORD" in (caught.value.remedy or "")
    await wrong.close()
    assert there.sent == []


async def test_a_connector_that_is_not_there_is_tried_again(config: TeamsConfig, clock: FakeClock):
    channel = TeamsChannel(replace(config, service_url="http://127.0.0.1:9"), FakeStore(), clock)
    with pytest.raises(TryLater):
        await channel.send(ROW)
    await channel.close()


async def test_a_slow_answer_is_awaited_and_holds_up_nobody_else(
    channel: TeamsChannel, there: Microsoft
):
    there.hanging.add("a:ada")
    async with asyncio.TaskGroup() as group:
        slow = group.create_task(channel.send(ROW))
        await channel.send(replace(ROW, address=BEN))
        assert not slow.done()
        there.freed.set()
    assert there.shown("a:ada") == ["hello"]


async def test_what_may_have_arrived_is_not_sent_again(
    channel: TeamsChannel, there: Microsoft, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connector, "PATIENCE_S", 0.1)
    there.hanging.add("a:ada")
    with pytest.raises(Refused) as caught:
        await channel.send(ROW)
    assert "may have arrived" in caught.value.reason
    assert there.shown("a:ada") == ["hello"]


async def test_a_change_is_repeated_when_no_answer_comes(channel: TeamsChannel, there: Microsoft):
    begun = await channel.send(ROW)
    there.failing = [(503, "")]
    change = replace(ROW, key="k2", replaces="k1", target=begun.message_id)
    with pytest.raises(TryLater):
        await channel.send(change)
    assert (await channel.send(change)).message_id == begun.message_id


async def test_each_conversation_is_answered_where_it_was_heard(
    channel: TeamsChannel, there: Microsoft, post: Post
):
    other = f"{there.url}/connector/"
    token = there.signer.token(other)
    (event,) = (await channel.receive(post(token=token, serviceUrl=other))).events
    await channel.send(replace(ROW, address=event.address))
    assert there.shown("a:1") == ["hello"]


async def test_somebody_on_call_is_written_to_directly(channel: TeamsChannel, there: Microsoft):
    person = "5b4a0c9e-1f6c-4a3b-8d2e-0123456789ab"
    row = replace(ROW, address=replace(ADA, room=person))
    await channel.send(row)
    await channel.send(row)
    assert there.shown(f"a:{person}") == ["hello", "hello"]
    (asked,) = there.met
    assert (asked["bot"], asked["members"]) == ({"id": f"28:{APP}"}, [{"id": person}])
