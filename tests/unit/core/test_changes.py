"""Customers who edit and take back what they wrote."""

from bot.domain.conversation import as_they_stand
from bot.domain.message import Text
from tests.unit.core.house import ADA, RETURNS, House


async def changed(house: House, words: str, of: str) -> None:
    parts = (Text(text=words),) if words else ()
    await house.event(*parts, kind="edited" if words else "deleted", changes=of)
    await house.run()


async def test_a_change_in_a_persons_hands_is_kept_beside_the_first_words():
    house = House()
    await house.say("a human please")
    await house.desk.act(house.handoff, "claim", ADA)
    first = await house.say("my order is 123")
    await changed(house, "my order is 132", first.key)
    assert house.transcript()[-1].decision == "edited"
    stands = as_they_stand(house.transcript())[-1]
    assert (stands.key, stands.text(), stands.changed) == (first.key, "my order is 132", "edited")
    await changed(house, "", first.key)
    assert as_they_stand(house.transcript())[-1].changed == "deleted"


async def test_the_bot_answers_no_edit():
    house = House()
    first = await house.say(RETURNS.question)
    said, lines = house.told(), house.transcript()
    await changed(house, "How can I pay", first.key)
    assert (house.told(), house.transcript()) == (said, lines)


async def test_an_edit_begins_no_conversation():
    house = House()
    await changed(house, "hello?", "fake:r1:e9")
    assert house.truth.world.conversations == {}
