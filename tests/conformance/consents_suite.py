"""What every `Store` must do with opt-outs: each kept, the newest stands, by handle."""

from dataclasses import replace

from bot.domain.consent import Consent
from bot.domain.ports import Store
from tests.conformance.store_words import NOW, SECOND

STOP = Consent(channel="sms", handle="+1", stopped=True, source="keyword", at=NOW, key="s1")
START = replace(STOP, stopped=False, at=NOW + SECOND, key="s2")


class ConsentsSuite:
    """Part of `StoreSuite`."""

    async def test_the_newest_word_stands_and_each_is_kept(self, store: Store):
        async with store.transaction() as t:
            assert not await t.consents.stopped("sms", "+1")
            assert not await t.consents.put(replace(START, key="s0", at=NOW - SECOND))
            assert await t.consents.put(STOP)
            assert not await t.consents.put(STOP)
        async with store.transaction() as t:
            assert await t.consents.stopped("sms", "+1")
            assert not await t.consents.stopped("whatsapp", "+1")
            assert not await t.consents.stopped("sms", "+2")
            assert await t.consents.put(START)
            assert not await t.consents.stopped("sms", "+1")
            trail = await t.consents.trail("sms", "+1")
            assert [one.key for one in trail] == ["s0", "s1", "s2"]
            assert trail[1] == STOP

    async def test_a_word_that_comes_late_does_not_undo_a_newer_one(self, store: Store):
        async with store.transaction() as t:
            assert await t.consents.put(replace(STOP, at=NOW + 2 * SECOND))
            assert not await t.consents.put(START)
            assert await t.consents.stopped("sms", "+1")
