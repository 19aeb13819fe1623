"""A press whose sender waits: one transaction, the verdict, the card as it is now."""

import pytest

from bot.core import staff_words as words
from bot.core.verdicts import Verdicts
from bot.domain.message import Inbound, Pressed, Sender
from bot.domain.ports import Verdict
from tests.unit.core.two_ends import TwoEnds, claimed, staffed

NOW = "the card of this state"


async def judged(
    house: TwoEnds, value: str, *, by: str = "ada", at: str = NOW, key: str | None = None
) -> Verdict | None:
    """A press as a channel receives it."""
    event = Inbound(
        key=key or f"team:press:{by}:{value}:{at}",
        trace="t",
        address=house.thread,
        sender=Sender(handle=by),
        parts=(Pressed(value=value),),
        sent_at=house.clock.now(),
        kind="pressed",
    )
    return await Verdicts(house.relay)(event)


async def test_a_claim_is_stored_and_told_with_the_card():
    house = await staffed()
    verdict = await judged(house, f"claim:{house.handoff}")
    assert verdict is not None
    assert (verdict.done, verdict.text) == (True, words.YOURS)
    assert verdict.card is not None
    assert (verdict.card.state, verdict.card.owner) == ("human", "Ada")
    assert verdict.version == house.conversation().version
    assert house.conversation().holder == "human"
    await house.run()
    assert house.cards()[-1][1] == verdict.card
    assert house.privately("ada") == []


async def test_a_press_that_comes_again_changes_nothing():
    house = await claimed()
    value = f"release:{house.handoff}"
    assert (await judged(house, value)) is not None
    version = house.conversation().version
    again = await judged(house, value)
    assert again is not None
    assert again.done
    assert again.card is not None
    assert again.card.state == "waiting"
    assert house.conversation().version == version


async def test_the_second_hears_who_was_first():
    house = await claimed()
    verdict = await judged(house, f"claim:{house.handoff}", by="ben")
    assert verdict == Verdict(text="Ada has this conversation.")


async def test_a_refused_press_may_be_made_again():
    house = await staffed()
    resolve = f"resolve:{house.handoff}"
    refused = await judged(house, resolve)
    assert refused is not None
    assert not refused.done
    await judged(house, f"claim:{house.handoff}")
    resolved = await judged(house, resolve)
    assert resolved is not None
    assert resolved.text == words.DONE["resolve"]
    assert house.conversation().holder == "closed"


@pytest.mark.parametrize("who", ["eve", "nobody"])
async def test_strangers_move_nothing(who: str):
    house = await staffed()
    verdict = await judged(house, f"claim:{house.handoff}", by=who)
    assert verdict is not None
    assert not verdict.done
    assert verdict.card is None
    assert house.conversation().holder == "waiting"


async def test_what_is_no_button_of_a_card_is_left_to_others():
    house = await staffed()
    assert await judged(house, "article:returns") is None
    unknown = await judged(house, "claim:nothing")
    assert unknown == Verdict(text="This has ended, or is not one of your lines.")
