"""Messages of a staff thread that are edited and deleted after they were passed on, or were not."""

from bot.core import staff_words as words
from bot.core.amending import CANNOT_TAKE_BACK
from bot.domain.conversation import as_they_stand
from tests.fakes.channel import PLAIN
from tests.unit.core.two_ends import claimed, delete, edit, hints, pressed, staffed, without, write


async def test_an_edit_of_what_was_sent_changes_it():
    house = await claimed()
    said = await write(house, "It costs 40.")
    sent = house.channel.shown[-1]
    await edit(house, said, "It costs 45.")
    changed = house.channel.shown[-1]
    assert (changed.replaces, changed.target) == (sent.key, "m" + str(len(house.channel.shown) - 1))
    assert changed.text() == "It costs 45."
    await edit(house, said, "It costs 50.")
    assert house.channel.shown[-1].replaces == sent.key
    stands = as_they_stand(house.transcript())[-1]
    assert (stands.text(), stands.changed) == ("It costs 50.", "edited")
    await delete(house, said)
    assert (house.channel.shown[-1].replaces, house.channel.shown[-1].parts) == (sent.key, ())


async def test_where_the_customer_cannot_see_edits_they_get_a_correction():
    house = await claimed(customer=without(PLAIN, edits=False))
    said = await write(house, "It costs 40.")
    await edit(house, said, "It costs 45.")
    assert house.told()[-1] == "Correction: It costs 45."
    assert hints(house)[-1] == words.CORRECTED
    await delete(house, said)
    assert hints(house)[-1] == CANNOT_TAKE_BACK


async def test_a_note_stays_a_note_whatever_it_says():
    house = await claimed()
    told = house.told()
    note = await write(house, "// the customer is rude")
    await edit(house, note, "the customer is rude")
    assert hints(house)[-1] == words.STAYS_A_NOTE
    await edit(house, note, "// the customer is upset")
    stands = as_they_stand(house.transcript())[-1]
    assert (stands.kind, stands.text(), stands.changed) == (
        "note",
        "the customer is upset",
        "edited",
    )
    await delete(house, note)
    assert as_they_stand(house.transcript())[-1].changed == "deleted"
    assert house.told() == told


async def test_an_edit_never_sends_what_was_not_sent():
    house = await staffed()
    early = await write(house, "hello there")
    await pressed(house, "claim")
    told = house.told()
    await edit(house, early, "hello there!")
    assert hints(house)[-1] == words.NEVER_SENT
    theirs = await write(house, "I would wait", by="ben")
    await pressed(house, "take_over", by="ben")
    told = house.told()
    await edit(house, theirs, "I would not wait", by="ben")
    assert hints(house, "ben")[-1] == words.STAYS_A_NOTE
    await edit(house, early, "psst", by="somebody")
    assert house.told() == told


async def test_the_mark_does_not_take_back_what_was_sent():
    house = await claimed()
    said = await write(house, "he is rude")
    await edit(house, said, "// he is rude")
    assert house.told()[-1] == "he is rude"
    assert hints(house)[-1] == words.SENT_ALREADY
    await delete(house, said)
    assert house.channel.shown[-1].parts == ()


async def test_who_no_longer_has_the_customer_changes_nothing_but_may_take_back():
    house = await claimed()
    said = await write(house, "It costs 40.")
    await pressed(house, "take_over", by="ben")
    await edit(house, said, "It costs 45.")
    assert hints(house)[-1] == words.NO_LONGER_YOURS
    assert "It costs 45." not in house.told()
    await edit(house, said, "It is free.", by="ben")
    assert "It is free." not in house.told()
    await delete(house, said)
    assert house.channel.shown[-1].parts == ()
