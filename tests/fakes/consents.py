"""Opt-outs in memory."""

from bot.domain.consent import Consent
from tests.fakes.world import World


class FakeConsents:
    """Consents of one transaction."""

    def __init__(self, world: World) -> None:
        self._kept = world.consents

    async def put(self, consent: Consent) -> bool:
        before = await self.stopped(consent.channel, consent.handle)
        self._kept.setdefault(consent.key, consent)
        return before != await self.stopped(consent.channel, consent.handle)

    async def stopped(self, channel: str, handle: str) -> bool:
        known = await self.trail(channel, handle)
        return bool(known) and known[-1].stopped

    async def trail(self, channel: str, handle: str) -> tuple[Consent, ...]:
        mine = (c for c in self._kept.values() if (c.channel, c.handle) == (channel, handle))
        return tuple(sorted(mine, key=lambda one: one.at))
