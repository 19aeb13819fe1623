"""Pings as events of PagerDuty's Events API v2, and what becomes of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import NotAuthentic, Refused, TryLater
from bot.domain.message import Address, HandoffCard, Outbound, Text
from bot.domain.ports import Request
from channels.callout.channel import Callout, CalloutChannel
from channels.callout.outbound import event_of
from tests.doubles.callouts import CalloutService, callout_service

KEY = "routing key of nobody"
ROOM = Address(channel="callout", account="pager", room="h1")
CARD = HandoffCard(
    handoff="h1", line="shop", reason="asked", priority="urgent", state="waiting", summary=""
)
PING = Outbound(
    key="ping:h1:0:2:webhook",
    address=ROOM,
    parts=(Text(text="A customer of the shop is waiting for a person (asked)."), CARD),
    author="system",
    trace="t",
    holder_version=2,
)


@pytest.fixture
async def service() -> AsyncIterator[CalloutService]:
    async with callout_service() as opened:
        yield opened


@pytest.fixture
async def channel(service: CalloutService) -> AsyncIterator[CalloutChannel]:
    made = CalloutChannel({"pager": Callout(url=service.url, routing_key=KEY)})
    yield made
    await made.close()


def test_a_ping_is_a_trigger():
    assert event_of(PING, KEY, "https://care.example") == {
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": "ping:h1:0:2:webhook",
        "payload": {
            "summary": "A customer of the shop is waiting for a person (asked).",
            "source": "careline shop",
            "severity": "critical",
            "component": "shop",
            "class": "asked",
            "custom_details": {"handoff": "h1"},
        },
        "links": [{"href": "https://care.example/desk#handoff=h1", "text": "Claim it on the desk"}],
    }


@pytest.mark.parametrize(
    ("state", "action"),
    [("human", "acknowledge"), ("bot", "resolve"), ("closed", "resolve"), ("waiting", "resolve")],
)
def test_news_of_a_ping_belongs_to_its_incident(state: str, action: str):
    news = replace(
        PING, key=f"{PING.key}:{state}", replaces=PING.key, parts=(replace(CARD, state=state),)
    )
    assert event_of(news, KEY, None) == {
        "routing_key": KEY, "event_action": action, "dedup_key": PING.key
    }  # fmt: skip


async def test_sent_twice_it_is_one_incident(channel: CalloutChannel, service: CalloutService):
    first, second = await channel.send(PING), await channel.send(PING)
    assert first.message_id == second.message_id
    assert service.incidents() == {PING.key: "trigger"}


async def test_a_service_in_trouble_is_tried_again(
    channel: CalloutChannel, service: CalloutService
):
    service.failing = [500, 429]
    for _ in range(2):
        with pytest.raises(TryLater) as later:
            await channel.send(PING)
        assert later.value.after == timedelta(seconds=7)
    await channel.send(PING)
    nowhere = CalloutChannel({"pager": Callout(url="http://127.0.0.1:9/", routing_key=KEY)})
    with pytest.raises(TryLater):
        await nowhere.send(PING)
    await nowhere.close()


async def test_a_service_that_says_yes_without_words_has_called(
    channel: CalloutChannel, service: CalloutService
):
    service.failing = [204]
    assert (await channel.send(PING)).message_id == PING.key


async def test_what_will_never_be_taken_is_refused(
    channel: CalloutChannel, service: CalloutService
):
    service.failing = [400, 302]
    for status in ("400", "302"):
        with pytest.raises(Refused, match=status):
            await channel.send(PING)
    with pytest.raises(Refused, match="no call-out other"):
        await channel.send(replace(PING, address=replace(ROOM, account="other")))


async def test_nobody_writes_to_us_this_way(channel: CalloutChannel):
    with pytest.raises(NotAuthentic):
        await channel.receive(Request(method="POST", url="/", headers={}, body=b"{}"))
    await channel.progress(ROOM, "thinking")
    assert await channel.draft(ROOM, conversation="c", version=1) is None


def test_a_key_is_never_shown():
    assert KEY not in repr(Callout(url="https://x", routing_key=KEY))
