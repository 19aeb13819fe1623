"""That a customer types is passed on, and takes nothing from what they may send."""

from bot.domain.message import Address
from tests.unit.server.chat.house import House, Visit, soon

URL = "/chat/api/typing"


async def types(visit: Visit, **headers: str) -> int:
    return (await soon(visit.browser.post(URL, headers=visit.headers | headers))).status


async def test_typing_is_passed_on_and_not_kept(house: House):
    visit = await house.visit()
    answer = await soon(visit.browser.post(URL, headers=visit.headers))
    assert await answer.json() == {"shown": True}
    assert house.typing.typed == [Address(channel="web", account="shop", room=visit.id)]
    assert house.feed() == []


async def test_a_flood_is_stopped_and_messages_still_pass(house: House):
    visit = await house.visit()
    answers = [await types(visit) for _ in range(12)]
    assert answers.count(200) == len(house.typing.typed) == 5
    assert set(answers[5:]) == {429}
    assert (await visit.post(key="k1", text="Hello")).status == 202


async def test_strangers_do_not_type(house: House):
    visit = await house.visit()
    assert await types(visit, Authorization="Bearer v1.a.shop.b") == 401
    assert house.typing.typed == []
