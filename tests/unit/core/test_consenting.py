"""Who asks for no more messages gets none, from nobody, until they take it back."""

from dataclasses import replace

import pytest

from bot.core.handlers.consenting import STARTED, STOPPED
from bot.core.reach import OPTED_OUT
from bot.domain.conversation import Entry
from bot.domain.errors import OptedOut
from bot.domain.message import Origin, Text
from tests.fakes.channel import PLAIN
from tests.unit.core.house import House
from tests.unit.core.two_ends import TwoEnds, claimed

PHONE = replace(PLAIN, opt_out=True)
GONE = "You will get no more messages from the shop here. Write START if you want them again."
BACK = "You will get messages from the shop again. Write STOP to get none."


def phone() -> TwoEnds:
    return TwoEnds(customer=PHONE)


async def talks(house: House) -> None:
    await house.say("how do i return something?")


def faults(house: House) -> list[Entry]:
    return [one for one in house.transcript() if one.fault]


async def test_their_own_words_are_confirmed_once_and_then_nothing_goes_out():
    house = phone()
    await talks(house)
    before = house.told()
    for words in ("please stop texting me", "stop", "how do i return something?", "yes"):
        await house.say(words)
    assert house.told() == [*before, GONE]
    assert house.decisions()[1:3] == ["opted_out", "opted_out"]
    assert {one.fault for one in faults(house)} == {OPTED_OUT}
    await house.say("start")
    assert house.told() == [*before, GONE, BACK]
    await talks(house)
    assert len(house.told()) == len(before) + 3


async def test_what_the_platform_has_confirmed_is_answered_by_nothing():
    house = phone()
    await talks(house)
    before = house.told()
    await house.say("STOP", kind="stopped")
    await talks(house)
    assert house.told() == before
    await house.say("START", kind="started")
    assert house.told() == before
    await talks(house)
    assert len(house.told()) > len(before)


async def test_a_stop_before_any_talk_is_kept():
    house = phone()
    await house.event(kind="stopped")
    await house.run()
    await talks(house)
    assert house.told() == []


async def test_a_person_is_told_at_once_and_their_words_do_not_go_out():
    house = await claimed(customer=PHONE)
    before = house.told()
    await house.say("stop messaging me")
    assert house.in_thread()[-1] == STOPPED
    await house.pass_on("But your refund!", Origin(address=house.thread, message_id="w1"))
    assert house.told() == [*before, GONE]
    assert house.in_thread()[-1].startswith(f"Not delivered to the customer: {OPTED_OUT}. Only")
    notes = [one.text() for one in house.transcript() if one.kind == "note"]
    assert STOPPED in notes
    await house.say("START")
    assert house.in_thread()[-1] == STARTED
    await house.pass_on("Your refund is on its way.", Origin(address=house.thread, message_id="w2"))
    assert house.told()[-1] == "Your refund is on its way."


async def test_what_waits_to_be_sent_is_held_back_too():
    house = await claimed(customer=PHONE)
    before = house.told()
    await house.event(Text(text="STOP"), kind="stopped")
    handle = house.truth.jobs.pop()
    await house.pass_on("One more thing", Origin(address=house.thread, message_id="w1"))
    assert house.told() == [*before, "One more thing"]  # it left before the word was read
    house.truth.jobs.append(handle)
    await house.run()
    await house.pass_on("And another", Origin(address=house.thread, message_id="w2"))
    assert house.told() == [*before, "One more thing"]


async def test_the_platforms_own_list_is_mirrored():
    house = phone()
    house.channel.failing.append(OptedOut("they have opted out (21610)"))
    await talks(house)
    shown = len(house.told())
    await talks(house)
    assert len(house.told()) == shown
    async with house.store.transaction() as transaction:
        (kept,) = await transaction.consents.trail("fake", "r1")
    assert (kept.stopped, kept.source) == (True, "refused")


async def test_elsewhere_the_words_mean_nothing_special():
    house = House()
    await house.say("stop")
    assert house.truth.world.consents == {}


@pytest.mark.parametrize("again", ["started", "stopped"])
async def test_the_trail_has_every_word(again):
    house = phone()
    await house.say("please stop texting me")
    await house.say("x", kind=again)
    async with house.store.transaction() as transaction:
        trail = await transaction.consents.trail("fake", "r1")
        assert await transaction.consents.stopped("fake", "r1") is (again == "stopped")
    assert [(one.stopped, one.source) for one in trail] == [
        (True, "words"),
        (again == "stopped", "keyword"),
    ]
