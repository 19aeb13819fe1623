"""`careline check` says of Twilio what is to be clicked."""

from collections.abc import AsyncIterator

import pytest

from channels.twilio.checking import trouble
from channels.twilio.section import TwilioConfig, TwilioSection
from tests.contract.twilio.double import TwilioDouble, twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, PUBLIC, TOKEN

SMS = f"sms:{OURS}"


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioDouble]:
    async with twilio_double() as double:
        messages = f"{PUBLIC}/twilio/messages"
        double.account.numbers[OURS] = {"sms_url": messages, "sms_fallback_url": messages}
        yield double


def config(url: str, token: str = TOKEN) -> TwilioConfig:
    return TwilioConfig(account_sid=ACCOUNT, auth_token=token, api_url=url, public_url=PUBLIC)


async def test_nothing_is_said_when_all_is_well(twilio: TwilioDouble):
    assert await trouble(config(twilio.url), [SMS, "web:shop"]) == []


async def test_wrong_credentials_are_said(twilio: TwilioDouble):
    (said,) = await trouble(config(twilio.url, "f" * 32), [SMS])
    assert "Account Info" in said


async def test_a_suspended_account_is_said(twilio: TwilioDouble):
    twilio.state = "suspended"
    (said,) = await trouble(config(twilio.url), [SMS])
    assert "suspended" in said


async def test_webhooks_and_numbers_are_said(twilio: TwilioDouble):
    twilio.account.numbers[OURS]["sms_url"] = "https://demo.twilio.com/welcome"
    strange, wrong = await trouble(config(twilio.url), [SMS, "sms:+15005550009"])
    assert f"should be {PUBLIC}/twilio/messages: run careline twilio setup" in wrong
    assert "no such number" in strange
    (said,) = await trouble(config(twilio.url), ["web:shop"])
    assert "no line has a number" in said


async def test_an_account_out_of_reach_is_said():
    (said,) = await trouble(config("http://127.0.0.1:9"), [SMS])
    assert "cannot be reached" in said


def test_every_fault_of_the_settings_is_said():
    assert len(TwilioSection().config({}, None).faults()) == 3
    given = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    assert TwilioSection().config(given, PUBLIC + "/").faults() == []
