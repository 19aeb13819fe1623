"""What comes in is read as it is meant; what goes out is refused or put off as Twilio says."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.errors import OptedOut, Refused, TryLater
from bot.domain.message import (
    Address,
    Choice,
    Choices,
    Mark,
    Outbound,
    Part,
    Pressed,
    Text,
)
from channels.twilio.channel import TwilioChannel
from channels.twilio.gsm import plain, segments
from channels.twilio.section import TwilioConfig
from tests.contract.twilio.around import around
from tests.contract.twilio.double import TwilioDouble, refusal, twilio_double
from tests.contract.twilio.webhooks import (
    ACCOUNT,
    OURS,
    PUBLIC,
    THEIRS,
    TOKEN,
    message,
    request,
    status,
)
from tests.fakes.clock import FakeClock

ROOM = Address(channel="sms", account=OURS, room=THEIRS)


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioDouble]:
    async with twilio_double() as double:
        yield double


@pytest.fixture
async def channel(twilio: TwilioDouble, clock: FakeClock) -> AsyncIterator[TwilioChannel]:
    config = TwilioConfig(
        account_sid=ACCOUNT, auth_token=TOKEN, api_url=twilio.url, public_url=PUBLIC
    )
    made = TwilioChannel("sms", config, clock, around(serves=lambda at: at.account == OURS))
    yield made
    await made.close()


def row(*parts: Part) -> Outbound:
    return Outbound(key="k", address=ROOM, parts=parts, author="bot", trace="t", holder_version=1)


async def test_a_press_and_a_place_are_read(channel: TwilioChannel):
    pressed = message("Returns", whatsapp=True, ButtonPayload="article:a", ButtonText="Returns")
    (event,) = (await channel.receive(request(pressed))).events
    assert (event.kind, event.parts) == ("pressed", (Pressed(value="article:a", label="Returns"),))
    assert (event.address.channel, event.sender.name) == ("whatsapp", "Ann")
    place = message("", whatsapp=True, Latitude="48.1", Longitude="11.5", Label="Shop")
    (event,) = (await channel.receive(request(place))).events
    assert event.text() == "(location: Shop https://maps.google.com/?q=48.1,11.5)"


async def test_a_stop_is_news_for_staff_and_never_a_question(channel: TwilioChannel):
    stops = (message(" Stop "), message("no more", OptOutType="STOP"))
    starts = (message("START"), message("go on", OptOutType="START"))
    for kind, told in (("stopped", stops), ("started", starts)):
        for said in told:
            (event,) = (await channel.receive(request(said))).events
            assert (event.kind, event.text(), event.address) == (kind, said["Body"].strip(), ROOM)
    for said in (message("HELP"), message("yes", OptOutType="START")):
        assert (await channel.receive(request(said))).events == ()
    words = ("yes", "how do I cancel?", "stop the delivery please")
    for said in (*map(message, words), message("stop", whatsapp=True)):
        (event,) = (await channel.receive(request(said))).events
        assert event.kind == "message"


async def test_what_became_of_a_message_is_told(channel: TwilioChannel):
    for state in ("accepted", "queued", "sending", "sent"):
        told = request(status("SM1", state), path="/twilio/status")
        assert (await channel.receive(told)).events == ()
    told = request(status("SM1", "read"), path="/twilio/status")
    (event,) = (await channel.receive(told)).events
    assert (event.kind, event.message_id) == ("receipt", "SM1")
    assert event.parts == (Mark(state="read"),)
    told = request(status("SM1", "failed", code=21610), path="/twilio/status")
    assert [e.kind for e in (await channel.receive(told)).events] == ["receipt", "stopped"]
    told = request(status("SM1", "undelivered", code=30003), path="/twilio/status")
    (event,) = (await channel.receive(told)).events
    again = request(status("SM1", "failed", code=30003), path="/twilio/status")
    assert [e.key for e in (await channel.receive(again)).events] == [event.key]
    assert (event.kind, event.address) == ("receipt", ROOM)
    assert "their phone is off" in event.text()


async def test_a_service_stands_for_its_numbers_where_a_line_has_it(
    channel: TwilioChannel, clock: FakeClock
):
    said = request(message("hi", MessagingServiceSid="MG1"))
    (event,) = (await channel.receive(said)).events
    assert event.address.account == OURS
    config = TwilioConfig(account_sid=ACCOUNT, auth_token=TOKEN, public_url=PUBLIC)
    wide = TwilioChannel("sms", config, clock, around(serves=lambda at: at.account == "MG1"))
    (event,) = (await wide.receive(said)).events
    assert event.address.account == "MG1"
    assert (await wide.receive(request(message("hi")))).events == ()


async def test_a_menu_is_numbered_in_plain_words(channel: TwilioChannel, twilio: TwilioDouble):
    options = (Choice(label="Yes", value="y"), Choice(label="No", value="n"))
    await channel.send(row(Text(text="It\u2019s **30 days** \u2013 ok?"), Choices(options=options)))
    (sent,) = twilio.messages
    assert sent["Body"] == "It's 30 days - ok?\n\n1. Yes\n2. No"
    assert sent["StatusCallback"] == f"{PUBLIC}/twilio/status"


@pytest.mark.parametrize("code", [21610, 21211, 21408, 63016, 99999])
async def test_a_refusal_says_why(channel: TwilioChannel, twilio: TwilioDouble, code: int):
    twilio.faults.append(refusal(400, code, "no"))
    with pytest.raises(Refused) as refused:
        await channel.send(row(Text(text="hi")))
    assert str(code) in refused.value.reason
    assert refused.value.remedy


async def test_somebody_who_opted_out_gets_nothing(channel: TwilioChannel, twilio: TwilioDouble):
    twilio.opted_out.add(THEIRS)
    with pytest.raises(OptedOut, match="21610"):
        await channel.send(row(Text(text="hi")))
    assert twilio.messages == []


async def test_patience_is_what_twilio_asks_for(channel: TwilioChannel, twilio: TwilioDouble):
    twilio.faults.append(refusal(429, 20429, "too many", Retry_After="7"))
    with pytest.raises(TryLater) as later:
        await channel.send(row(Text(text="hi")))
    assert later.value.after == timedelta(seconds=7)
    for fault in (refusal(503, 20503, "away"), refusal(400, 30001, "the queue is full")):
        twilio.faults.append(fault)
        with pytest.raises(TryLater):
            await channel.send(row(Text(text="hi")))


def test_segments_are_counted_as_the_network_does():
    counts = {"a" * 160: 1, "a" * 161: 2, "€" * 80: 1, "€" * 81: 2, "ж" * 70: 1, "ж" * 71: 2}
    assert {text: segments(text) for text in counts} == counts
    assert segments(plain("\u201c" + "a" * 150 + "\u201d\u2026")) == 1
