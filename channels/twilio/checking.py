"""What `careline check` says of Twilio: the account, its numbers, and where they call us."""

from collections.abc import Sequence

from bot.domain.errors import Refused, TryLater
from channels.twilio.inbound import SMS, WHATSAPP
from channels.twilio.posting import TwilioApi
from channels.twilio.section import MESSAGES, TwilioConfig


async def trouble(config: TwilioConfig, addresses: Sequence[str]) -> list[str]:
    """A sentence for each thing to be mended; `addresses` are the lines', as `sms:+1555…`.

    The webhook of a WhatsApp sender or of a Messaging Service is not looked at.
    """
    api = TwilioApi(config)
    try:
        state = await api.account()
        if state != "active":
            return [f"channels.twilio: the account is {state}: see the Twilio Console"]
        return _numbers(config, addresses, await api.numbers())
    except Refused:
        return [
            "channels.twilio: Twilio does not take the Account SID with this Auth Token: copy both "
            "anew (Twilio Console, Account Info)"
        ]
    except TryLater:
        return [f"channels.twilio: {config.api_url} cannot be reached from here"]
    finally:
        await api.close()


def _numbers(config: TwilioConfig, addresses: Sequence[str], known: dict[str, str]) -> list[str]:
    ours = [one.partition(":") for one in addresses]
    if not any(channel in {SMS, WHATSAPP} for channel, _, _ in ours):
        return [
            'channels.twilio: no line has a number: write addresses = ["sms:+15005550006"] in one'
        ]
    wanted = config.public_url + MESSAGES
    told = []
    for channel, _, number in ours:
        if channel != SMS or not number.startswith("+"):
            continue
        if number not in known:
            told.append(f"sms:{number}: the account has no such number; copy it from the Console")
        elif known[number] != wanted:
            told.append(
                f"sms:{number}: its messages go elsewhere. Twilio Console, Phone Numbers, "
                f"{number}, A message comes in: webhook {wanted}, HTTP POST"
            )
    return told
