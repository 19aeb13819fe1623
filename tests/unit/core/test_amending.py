"""Replies that are changed and taken back, where the customer's channel can and where it cannot."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.amending import CANNOT_TAKE_BACK, NOT_YOURS, TAKEN_BACK
from bot.domain.conversation import as_they_stand
from bot.domain.errors import BadRequest, TransitionRefused, TryLater
from bot.domain.message import Outbound
from bot.domain.ports import Abilities
from tests.fakes.channel import PLAIN, FakeChannel
from tests.unit.core.house import ADA, BEN, House

FIXED = replace(PLAIN, edits=False)


async def replied(abilities: Abilities = PLAIN, words: str = "It cost 40.") -> tuple[House, str]:
    """A house in which Ada has the customer and has said something; the key of that line."""
    house = House(channels=(FakeChannel(abilities=abilities),))
    await house.say("a human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.reply(house.handoff, ADA, words, "k1")
    await house.run()
    return house, house.transcript()[-1].key


def last(house: House) -> Outbound:
    return house.channel.shown[-1]


async def test_an_edit_replaces_the_message_and_keeps_the_first_words_in_the_transcript():
    house, line = await replied()
    how = await house.amending.edit_reply(house.handoff, ADA, line, "It costs 45.", "e1")
    await house.run()
    assert how == "changed"
    assert (last(house).replaces, last(house).text()) == (line, "It costs 45.")
    assert [e.text() for e in house.transcript()[-2:]] == ["It cost 40.", "It costs 45."]
    stands = as_they_stand(house.transcript())[-1]
    assert (stands.key, stands.text(), stands.changed) == (line, "It costs 45.", "edited")


async def test_without_edits_a_new_message_corrects():
    house, line = await replied(FIXED)
    how = await house.amending.edit_reply(house.handoff, ADA, line, "It costs 45.", "e1")
    await house.run()
    assert how == "corrected"
    assert (last(house).replaces, last(house).text()) == (None, "Correction: It costs 45.")
    assert as_they_stand(house.transcript())[-2].changed is None


async def test_words_too_long_to_change_in_place_are_corrected():
    house, line = await replied(replace(PLAIN, max_text=20))
    assert await house.amending.edit_reply(house.handoff, ADA, line, "x" * 21, "e1") == "corrected"


async def test_a_deletion_is_an_empty_replacement():
    house, line = await replied()
    assert await house.amending.delete_reply(house.handoff, ADA, line, "d1") == "taken_back"
    await house.run()
    assert (last(house).replaces, last(house).parts) == (line, ())
    stands = as_they_stand(house.transcript())[-1]
    assert (stands.key, stands.text(), stands.changed) == (line, "It cost 40.", "deleted")
    assert await house.amending.delete_reply(house.handoff, ADA, line, "d2") == "unchanged"
    with pytest.raises(BadRequest, match=TAKEN_BACK):
        await house.amending.edit_reply(house.handoff, ADA, line, "again", "e2")


async def test_what_cannot_be_taken_back_is_told():
    house, line = await replied(FIXED)
    with pytest.raises(BadRequest, match=CANNOT_TAKE_BACK):
        await house.amending.delete_reply(house.handoff, ADA, line, "d1")
    assert house.told()[-1] == "It cost 40."


async def test_what_has_not_gone_out_is_kept_back_even_where_nothing_is_taken_back():
    house, _ = await replied(replace(FIXED, max_text=20))
    house.channel.fail(TryLater(timedelta(minutes=1)))
    await house.desk.reply(house.handoff, ADA, "words of more than one message", "k2")
    await house.run()
    line = house.transcript()[-1].key
    assert await house.amending.delete_reply(house.handoff, ADA, line, "d1") == "taken_back"
    house.clock.advance(timedelta(minutes=5))
    house.sweep()
    await house.run()
    assert house.told()[-1] == "It cost 40."
    stands = as_they_stand(house.transcript())[-1]
    assert (stands.key, stands.changed) == (line, "deleted")


async def test_a_change_of_what_is_kept_back_is_kept_back_with_it():
    house, _ = await replied()
    await house.desk.reply(house.handoff, ADA, "It is free.", "k2")
    line = house.transcript()[-1].key
    await house.amending.edit_reply(house.handoff, ADA, line, "It is nearly free.", "e1")
    await house.amending.delete_reply(house.handoff, ADA, line, "d1")
    await house.run()
    assert house.told()[-1] == "It cost 40."


async def test_the_same_press_twice_is_one_change():
    house, line = await replied()
    for _ in range(2):
        await house.amending.edit_reply(house.handoff, ADA, line, "It costs 45.", "e1")
        await house.run()
    assert house.told()[-2:] == ["It cost 40.", "It costs 45."]
    assert len([e for e in house.transcript() if e.replaces == line]) == 1


async def test_only_the_claimer_changes_words_and_only_their_own():
    house, line = await replied()
    with pytest.raises(TransitionRefused, match="not_yours"):
        await house.amending.edit_reply(house.handoff, BEN, line, "Mine now.", "e1")
    await house.desk.act(house.handoff, "take_over", BEN)
    with pytest.raises(BadRequest, match=NOT_YOURS):
        await house.amending.edit_reply(house.handoff, BEN, line, "Mine now.", "e2")
    with pytest.raises(BadRequest, match=NOT_YOURS):
        await house.amending.delete_reply(house.handoff, BEN, line, "d1")
    with pytest.raises(BadRequest, match=NOT_YOURS):
        await house.amending.delete_reply(house.handoff, ADA, house.transcript()[0].key, "d2")


async def test_one_may_take_back_ones_own_words_after_the_end():
    house, line = await replied()
    await house.desk.act(house.handoff, "resolve", ADA)
    with pytest.raises(TransitionRefused, match="closed"):
        await house.amending.edit_reply(house.handoff, ADA, line, "Late.", "e1")
    assert await house.amending.delete_reply(house.handoff, ADA, line, "d1") == "taken_back"
