"""Menus become buttons where they fit, templates go out where they are approved."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.domain.message import Address, Choice, Choices, Outbound, Part, Template, Text
from channels.twilio.channel import TwilioChannel
from channels.twilio.section import TwilioConfig
from tests.contract.twilio.around import around
from tests.contract.twilio.double import TwilioDouble, refusal, twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, PUBLIC, THEIRS, TOKEN
from tests.fakes.clock import FakeClock

ROOM = Address(channel="whatsapp", account=OURS, room=THEIRS)
WAITING = Template(name="message_waiting", language="en-GB", values=("the shop",), text="Reply!")


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioDouble]:
    async with twilio_double() as double:
        yield double


@pytest.fixture
async def channel(twilio: TwilioDouble, clock: FakeClock) -> AsyncIterator[TwilioChannel]:
    config = TwilioConfig(
        account_sid=ACCOUNT, auth_token=TOKEN, api_url=twilio.url, public_url=PUBLIC
    )
    made = TwilioChannel("whatsapp", config, clock, around())
    yield made
    await made.close()


def row(*parts: Part) -> Outbound:
    return Outbound(key="k", address=ROOM, parts=parts, author="bot", trace="t", holder_version=1)


def menu(*labels: str) -> Choices:
    options = (Choice(label=label, value=f"article:{n}") for n, label in enumerate(labels))
    return Choices(options=tuple(options))


async def test_few_short_options_are_buttons_made_once(
    channel: TwilioChannel, twilio: TwilioDouble
):
    for labels in (("Yes", "No"), ("Ja", "Nein")):
        await channel.send(row(Text(text="**Well**?"), menu(*labels)))
    first, second = twilio.messages
    assert first["Body"] == "*Well*?"
    assert first["options"] == [("Yes", "article:0"), ("No", "article:1")]
    assert second["options"][0] == ("Ja", "article:0")
    assert len(twilio.account.contents.made) == 1


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (("a", "b", "c", "d"), ["a", "b", "c", "d"]),
        (("How long do I have to return it?", "No"), ["How long do I have to r…", "No"]),
    ],
)
async def test_more_or_longer_ones_are_a_list(
    channel: TwilioChannel, twilio: TwilioDouble, labels: tuple[str, ...], shown: list[str]
):
    await channel.send(row(Text(text="Which?"), menu(*labels)))
    assert [label for label, _ in twilio.messages[0]["options"]] == shown


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("w" * 256, ("a", "b")),
        ("Which?", tuple("abcdefghijk")),
        ("Which?", ("l" * 73, "b")),
    ],
)
async def test_what_does_not_fit_is_numbered(
    channel: TwilioChannel, twilio: TwilioDouble, words: str, labels: tuple[str, ...]
):
    await channel.send(row(Text(text=words), menu(*labels)))
    assert f"\n1. {labels[0]}\n2. {labels[1]}" in twilio.messages[0]["Body"]


async def test_without_the_content_api_it_is_numbered(channel: TwilioChannel, twilio: TwilioDouble):
    twilio.account.contents.takes = False
    await channel.send(row(Text(text="Which?"), menu("a", "b")))
    assert twilio.messages[0]["Body"] == "Which?\n\n1. a\n2. b"


async def test_a_template_goes_out_once_it_is_approved(
    channel: TwilioChannel, twilio: TwilioDouble, clock: FakeClock
):
    with pytest.raises(Refused, match="there is no template"):
        await channel.send(row(WAITING))
    made = {
        "friendly_name": "careline_message_waiting",
        "language": "en",
        "variables": {"1": "x"},
        "types": {"twilio/text": {"body": "Hello, {{1}} has an answer."}},
    }
    sid = twilio.account.contents.create(made)
    assert sid is not None
    twilio.account.contents.status[sid] = "pending"
    clock.advance(timedelta(minutes=2))
    with pytest.raises(Refused, match="not approved"):
        await channel.send(row(WAITING))
    twilio.account.contents.approve()
    clock.advance(timedelta(minutes=2))
    twilio.late.add(THEIRS)
    await channel.send(row(WAITING))
    await channel.send(row(Text(text="free words")))
    assert twilio.shown(f"whatsapp:{THEIRS}") == ["Hello, the shop has an answer."]
    assert [one["ErrorCode"] for one in twilio.owed if "ErrorCode" in one] == ["63016"]


async def test_a_refused_template_says_why(channel: TwilioChannel, twilio: TwilioDouble):
    made = {
        "friendly_name": "careline_message_waiting",
        "language": "en",
        "variables": {"1": "x"},
        "types": {"twilio/text": {"body": "Hello, {{1}} has an answer."}},
    }
    sid = twilio.account.contents.create(made)
    assert sid is not None
    twilio.account.contents.status[sid] = "approved"
    twilio.faults.append(refusal(400, 63041, "paused"))
    with pytest.raises(Refused, match="paused") as refused:
        await channel.send(row(WAITING))
    assert "careline twilio setup" in (refused.value.remedy or "")
