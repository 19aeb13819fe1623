"""What `careline check` says of Twilio: the account, where its numbers call, what is approved."""

from collections.abc import Sequence

from bot.domain.errors import Refused, TryLater
from channels.twilio.inbound import SMS, WHATSAPP
from channels.twilio.posting import TwilioApi
from channels.twilio.section import TwilioConfig
from channels.twilio.setup import IN_SANDBOX, Change, plan

_SANDBOX = IN_SANDBOX.partition(":")[0]


async def trouble(config: TwilioConfig, addresses: Sequence[str]) -> list[str]:
    """A sentence for each thing to be mended; `addresses` are the lines', as `sms:+1555…`.

    The webhook of WhatsApp's sandbox is not looked at: Twilio does not tell it.
    """
    api = TwilioApi(config)
    try:
        if said := await _account(api):
            return [said]
        if not any(one.partition(":")[0] in {SMS, WHATSAPP} for one in addresses):
            return [
                "channels.twilio: no line has a number: write "
                'addresses = ["sms:+15005550006"] in one'
            ]
        found = await plan(api, config, addresses)
        told = [f"channels.twilio: {one}" for one in found.faults]
        told += [_said(one) for one in found.changes]
        return told + [f"channels.twilio: {w}" for w in found.waiting if not w.startswith(_SANDBOX)]
    except Refused as exc:
        return [f"channels.twilio: {exc.reason}. {exc.remedy or ''}".rstrip()]
    except TryLater:
        return [f"channels.twilio: {config.api_url} cannot be reached from here"]
    finally:
        await api.close()


async def _account(api: TwilioApi) -> str | None:
    try:
        state = await api.account()
    except Refused:
        return (
            "channels.twilio: Twilio does not take the Account SID with this Auth Token: copy both "
            "anew (Twilio Console, Account Info)"
        )
    return (
        None if state == "active" else f"channels.twilio: the account is {state}: see the Console"
    )


def _said(change: Change) -> str:
    now = f"is {change.was}" if change.was else "is not set"
    return (
        f"channels.twilio: {change.of}: {change.field} {now}; it should be {change.wanted}: "
        "run careline twilio setup"
    )
