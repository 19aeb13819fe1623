"""WhatsApp and SMS do what the suite says, against the double."""

from collections.abc import AsyncIterator

import pytest
from typing_extensions import override

from bot.domain.message import Address
from bot.domain.ports import Request
from channels.twilio.channel import TwilioChannel
from channels.twilio.section import TwilioConfig
from tests.conformance.channel_suite import ChannelSuite, Shown
from tests.contract.twilio.around import around
from tests.contract.twilio.double import TwilioDouble, twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, PUBLIC, THEIRS, TOKEN, message, request
from tests.fakes.clock import FakeClock


class TestSms(ChannelSuite):
    kind = "sms"

    @pytest.fixture
    async def twilio(self) -> AsyncIterator[TwilioDouble]:
        async with twilio_double() as double:
            yield double

    @pytest.fixture
    @override
    async def channel(self, twilio: TwilioDouble, clock: FakeClock) -> AsyncIterator[TwilioChannel]:
        config = TwilioConfig(
            account_sid=ACCOUNT, auth_token=TOKEN, api_url=twilio.url, public_url=PUBLIC
        )
        made = TwilioChannel(self.kind, config, clock, around())
        yield made
        await made.close()

    @pytest.fixture
    @override
    def room(self) -> Address:
        return Address(channel=self.kind, account=OURS, room=THEIRS)

    @pytest.fixture
    @override
    def genuine(self) -> Request:
        return request(message("Hello there", whatsapp=self.kind == "whatsapp"))

    @pytest.fixture
    @override
    def forged(self) -> Request:
        said = message("Hello there", whatsapp=self.kind == "whatsapp")
        return request(said, token="f" * 32)

    @pytest.fixture(params=[{}, {"Body": "x"}, {"MessageSid": "", "To": OURS, "From": THEIRS}])
    @override
    def garbage(self, request: pytest.FixtureRequest) -> Request:
        return made(request.param)

    @pytest.fixture
    @override
    def shown(self, twilio: TwilioDouble) -> Shown:
        prefix = "whatsapp:" if self.kind == "whatsapp" else ""

        async def texts() -> list[str]:
            return twilio.shown(prefix + THEIRS)

        return texts


class TestWhatsApp(TestSms):
    kind = "whatsapp"


def made(fields: dict[str, str]) -> Request:
    return request(fields)
