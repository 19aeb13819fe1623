"""Suggestions at the desk: shown to the claimer, dismissed, switched off for oneself."""

from dataclasses import replace

from bot.domain.assist import Assist, Suggestion
from tests.unit.server.desk.house import ADA, BEN, House

H1 = "/desk/api/handoffs/h1"
SUGGESTION = Suggestion(text="By card.", article="paying", title="Paying", url="javascript:x")


async def helped(house: House) -> None:
    house.waiting()
    held = await house.press.act("h1", "claim", ADA)
    assert held.handoff is not None
    found = Assist(id="a1", at=house.clock.now(), suggestion=SUGGESTION, hints=("asked_again",))
    house.board.put(
        replace(held, handoff=replace(held.handoff, assist=found, zone="Europe/Vienna"))
    )


async def test_the_claimer_alone_sees_it(house: House):
    await helped(house)
    mine = await (await (await house.at_desk(ADA)).get(H1)).json()
    theirs = await (await (await house.at_desk(BEN)).get(H1)).json()
    assert mine["assist"]["suggestion"]["text"] == "By card."
    assert mine["assist"]["suggestion"]["url"] is None
    assert mine["assist"]["hints"] == ["The customer has asked the same thing before."]
    assert theirs["assist"] is None


async def test_the_customer_is_told_of_as_far_as_they_are_known(house: House):
    await helped(house)
    opened = await (await (await house.at_desk()).get(H1)).json()
    assert opened["customer"]["name"] is None
    assert opened["customer"]["language"] == "English"
    assert opened["customer"]["local_time"] == "10:00"


async def test_it_is_switched_off_for_oneself_and_on_again(house: House):
    await helped(house)
    desk = await house.at_desk(ADA)
    answer = await desk.post("/desk/api/session/assist", json={"on": False})
    assert (answer.status, await answer.json()) == (200, {"assist": False})
    assert (await (await desk.get(H1)).json())["assist"] is None
    assert (await (await desk.get("/desk/api/session")).json())["assist"] is False
    await desk.post("/desk/api/session/assist", json={"on": True})
    assert (await (await desk.get(H1)).json())["assist"] is not None


async def test_faults_are_told(house: House):
    await helped(house)
    desk = await house.at_desk(ADA)
    answer = await desk.post("/desk/api/session/assist", json={"on": "yes"})
    assert answer.status == 400
    assert "true or false" in (await answer.json())["error"]
    assert (await desk.post(f"{H1}/assist/dismiss", json={})).status == 400


async def test_a_dismissed_one_is_passed_on(house: House):
    await helped(house)
    desk = await house.at_desk(ADA)
    assert (await desk.post(f"{H1}/assist/dismiss", json={"id": "a1"})).status == 200
    assert house.dismiss.dismissed == [("h1", "ada", "a1")]
