"""`careline twilio setup` finds what to change, shows it, and changes that alone."""

from collections.abc import AsyncIterator

import pytest

from channels.twilio.checking import trouble
from channels.twilio.posting import TwilioApi
from channels.twilio.section import TwilioConfig
from channels.twilio.setup import SANDBOX, Plan, plan, templates
from tests.contract.twilio.double import TwilioDouble, twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, PUBLIC, TOKEN

MESSAGES, STATUS = f"{PUBLIC}/twilio/messages", f"{PUBLIC}/twilio/status"
SERVICE = "MG" + "2" * 32
ADDRESSES = [f"sms:{OURS}", f"whatsapp:{OURS}", f"sms:{SERVICE}", "web:shop"]


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioDouble]:
    async with twilio_double() as double:
        account = double.account
        account.numbers[OURS] = {"sms_url": "https://demo.twilio.com/", "sms_fallback_url": ""}
        account.numbers["+15005550007"] = {"sms_url": "https://elsewhere.example/"}
        account.services[SERVICE] = {"inbound_request_url": None, "fallback_url": None}
        account.senders["XE1"] = {
            "sender_id": f"whatsapp:{OURS}",
            "status": "ONLINE",
            "webhook": {"callback_url": MESSAGES, "fallback_url": "", "status_callback_url": ""},
        }
        yield double


def config(url: str) -> TwilioConfig:
    return TwilioConfig(account_sid=ACCOUNT, auth_token=TOKEN, api_url=url, public_url=PUBLIC)


async def looked(twilio: TwilioDouble, addresses: list[str], *, carry_out: bool = False) -> Plan:
    api = TwilioApi(config(twilio.url))
    try:
        found = await plan(api, config(twilio.url), addresses)
        for change in found.changes if carry_out else ():
            await change.act()
    finally:
        await api.close()
    return found


async def test_all_that_differs_is_shown_and_then_changed_once(twilio: TwilioDouble):
    found = await looked(twilio, ADDRESSES)
    assert twilio.account.changed == []
    lines = [line for change in found.changes for line in change.lines()]
    assert f"- {OURS}  sms_url: https://demo.twilio.com/" in lines
    assert f"+ {OURS}  sms_url: {MESSAGES}" in lines
    assert f"+ {SERVICE}  inbound_request_url: {MESSAGES}" in lines
    assert f"+ {OURS}  status_callback_url: {STATUS}" in lines
    assert "+ template careline_message_waiting (de)  approval: asked for" in lines
    await looked(twilio, ADDRESSES, carry_out=True)
    assert twilio.account.numbers[OURS] == {"sms_url": MESSAGES, "sms_fallback_url": MESSAGES}
    assert twilio.account.numbers["+15005550007"] == {"sms_url": "https://elsewhere.example/"}
    assert twilio.account.senders["XE1"]["webhook"]["status_callback_url"] == STATUS
    assert set(twilio.account.contents.status.values()) == {"received"}
    again = await looked(twilio, ADDRESSES, carry_out=True)
    assert (again.changes, again.faults) == ((), ())
    assert len(again.waiting) == len(templates())
    twilio.account.contents.approve()
    assert await looked(twilio, ADDRESSES) == Plan(changes=(), faults=(), waiting=())
    assert await trouble(config(twilio.url), ADDRESSES) == []


async def test_what_the_account_lacks_is_a_fault(twilio: TwilioDouble):
    found = await looked(twilio, ["sms:+15005550001", "sms:MG0", "whatsapp:+15005550002"])
    assert [one.split(":")[0] for one in found.faults] == ["+15005550001", "MG0", "whatsapp"]


async def test_the_sandbox_is_set_by_hand(twilio: TwilioDouble):
    found = await looked(twilio, [f"whatsapp:{SANDBOX}"])
    assert found.faults == ()
    assert found.waiting[0].endswith(f"When a message comes in: {MESSAGES}")
    twilio.account.contents.approve()


async def test_a_rejected_template_is_told(twilio: TwilioDouble):
    await looked(twilio, ADDRESSES, carry_out=True)
    twilio.account.contents.approve("rejected")
    said = await trouble(config(twilio.url), ADDRESSES)
    assert len(said) == len(templates())
    assert all("WhatsApp says rejected" in one for one in said)


@pytest.mark.parametrize("content", templates(), ids=lambda c: str(c["language"]))
def test_templates_are_as_whatsapp_takes_them(content):
    (body,) = (shape["body"] for shape in content["types"].values())
    assert "STOP" in body
    assert "{{1}}" in body
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert content["variables"].keys() == {"1"}
