"""What a platform tells later is read by staff, and by nobody else."""

from bot.domain.message import Mark, Origin, Text
from tests.fakes.world import room_of
from tests.unit.core.house import ROOM
from tests.unit.core.two_ends import TwoEnds, claimed

WHY, REMEDY = "their phone is off (30003)", "Try again later."


async def sent(house: TwoEnds, words: str, on: str) -> str:
    """Ada's words to the customer; the platform's id of the message that carried them."""
    await house.pass_on(words, Origin(address=house.thread, message_id=on))
    rows = (m for m in house.truth.world.outbox.values() if m.room == room_of(ROOM))
    receipt = next(m.receipt for m in rows if m.outbound.text() == words)
    assert receipt is not None
    return receipt.message_id


async def receipt(house: TwoEnds, message: str | None, *parts) -> None:
    event = await house.event(*parts, kind="receipt", message=message)
    await house.run()
    assert event.message_id == message


def marks(house: TwoEnds, on: str) -> list[str]:
    rows = [row for row in house.team.shown if row.reply_to == on]
    return [part.state for row in rows for part in row.parts if isinstance(part, Mark)]


async def test_what_did_not_arrive_is_told_under_the_words_and_on_the_desk():
    house = await claimed()
    message = await sent(house, "It is on its way.", "w1")
    before = house.told()
    failed = (Mark(state="failed"), Text(text=WHY), Text(text=REMEDY))
    await receipt(house, message, *failed)
    await receipt(house, message, *failed)
    assert house.in_thread() == [f"Not delivered to the customer: {WHY}. {REMEDY}"]
    assert house.told() == before
    assert [one.fault for one in house.transcript() if one.fault] == [WHY]
    assert marks(house, "w1") == ["delivered", "failed"]


async def test_what_was_read_is_marked_once_whatever_comes_after():
    house = await claimed()
    message = await sent(house, "It is on its way.", "w1")
    for state in ("delivered", "read", "delivered", "read", "failed"):
        await receipt(house, message, Mark(state=state))
    assert marks(house, "w1") == ["delivered", "read"]
    assert house.in_thread() == []


async def test_a_failure_of_something_unknown_is_told_all_the_same():
    house = await claimed()
    await receipt(house, "SMlost", Mark(state="failed"), Text(text=WHY))
    assert house.in_thread() == [f"Not delivered to the customer: {WHY}."]


async def test_where_nobody_has_talked_nothing_begins():
    house = TwoEnds()
    for parts in ((Mark(state="failed"), Text(text=WHY)), (Mark(state="read"),), ()):
        await receipt(house, "SMlost", *parts)
    assert house.truth.world.conversations == {}
