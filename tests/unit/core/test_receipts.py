"""What a platform tells later is read by staff, and by nobody else."""

from bot.domain.message import Text
from tests.unit.core.two_ends import TwoEnds, claimed

BAD = "Not delivered to the customer: their phone is off (30003)."


async def test_staff_are_told_in_the_thread_and_the_customer_is_not():
    house = await claimed()
    before = house.told()
    await house.event(Text(text=BAD), kind="receipt")
    await house.run()
    assert BAD in house.in_thread()
    assert house.told() == before
    assert [one.text() for one in house.transcript() if one.fault] == [BAD]


async def test_where_nobody_has_talked_nothing_begins():
    house = TwoEnds()
    await house.event(Text(text=BAD), kind="receipt")
    await house.run()
    assert house.truth.world.conversations == {}
