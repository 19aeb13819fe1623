"""Own replies are changed and taken back at the desk, and typing is passed on."""

import pytest

from bot.core.presence import TYPING
from bot.domain.conversation import Entry
from bot.domain.errors import BadRequest, TransitionRefused
from bot.domain.message import Text
from tests.unit.server.desk.house import ADA, BEN, CLEO, House

H1 = "/desk/api/handoffs/h1"
MINE, THEIRS = "1:reply:c-h1:ada:k1", "1:reply:c-h1:ben:k1"


async def replied(house: House) -> None:
    house.waiting()
    await house.press.act("h1", "claim", ADA)
    for key in (MINE, THEIRS):
        entry = Entry(
            key=key,
            kind="said",
            author="staff",
            parts=(Text(text="It cost 40."),),
            at=house.clock.now(),
            name="Ada",
        )
        house.board.add("c-h1", entry)


async def lines(house: House) -> list[dict[str, object]]:
    desk = await house.at_desk()
    transcript = (await (await desk.get(H1)).json())["transcript"]
    return [line for line in transcript if line["author"] == "staff"]


async def test_only_ones_own_replies_are_named_to_be_changed(house: House):
    await replied(house)
    assert [line["line"] for line in await lines(house)] == [MINE, None]
    assert [line["changed"] for line in await lines(house)] == [None, None]


async def test_an_edit_stands_in_the_place_of_the_reply(house: House):
    await replied(house)
    desk = await house.at_desk()
    body = {"line": MINE, "text": " It costs 45. ", "key": "e1"}
    answer = await desk.post(f"{H1}/edit", json=body)
    assert (answer.status, await answer.json()) == (200, {"ok": True, "done": "changed"})
    mine, theirs = await lines(house)
    assert (mine["text"], mine["changed"]) == ("It costs 45.", "edited")
    assert theirs["text"] == "It cost 40."


async def test_a_reply_taken_back_keeps_its_words_for_staff(house: House):
    await replied(house)
    desk = await house.at_desk()
    answer = await desk.post(f"{H1}/delete", json={"line": MINE})
    assert await answer.json() == {"ok": True, "done": "taken_back"}
    mine, _ = await lines(house)
    assert (mine["text"], mine["changed"]) == ("It cost 40.", "deleted")
    assert mine["delivery"] is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"text": "new"}, "line"),
        ({"line": MINE}, "text"),
        ({"line": MINE, "text": ""}, "text"),
        ({"line": MINE, "text": "x" * 4001}, "4000"),
        ({"line": MINE, "text": "// between us"}, "//"),
        ({"line": MINE, "text": "new", "key": "no spaces"}, "key"),
    ],
)
async def test_an_edit_that_makes_no_sense(house: House, body: dict[str, str], words: str):
    await replied(house)
    answer = await (await house.at_desk()).post(f"{H1}/edit", json=body)
    assert answer.status == 400
    assert words in (await answer.json())["error"]


@pytest.mark.parametrize("act", ["edit", "delete"])
async def test_refusals_come_in_words(house: House, act: str):
    await replied(house)
    desk, body = await house.at_desk(), {"line": MINE, "text": "new"}
    house.amends.refusal = TransitionRefused("not_yours", holder_name="Ben")
    answer = await desk.post(f"{H1}/{act}", json=body)
    assert answer.status == 409
    assert "Ben has this" in (await answer.json())["error"]
    house.amends.refusal = BadRequest("The customer has this one.")
    answer = await desk.post(f"{H1}/{act}", json=body)
    assert (answer.status, await answer.json()) == (400, {"error": "The customer has this one."})


@pytest.mark.parametrize("act", ["edit", "delete"])
async def test_what_is_on_other_lines_does_not_exist(house: House, act: str):
    await replied(house)
    desk = await house.at_desk(CLEO)
    answer = await desk.post(f"{H1}/{act}", json={"line": MINE, "text": "new"})
    assert answer.status == 404


@pytest.mark.parametrize("act", ["edit", "delete", "typing"])
async def test_strangers_do_nothing(house: House, act: str):
    assert (await (await house.visitor()).post(f"{H1}/{act}", json={})).status == 401
    assert house.typing.typed == []


async def test_typing_is_passed_on(house: House):
    answer = await (await house.at_desk(BEN)).post(f"{H1}/typing")
    assert await answer.json() == {"shown": True}
    assert house.typing.typed == [("h1", "ben")]


async def test_the_stream_tells_who_types(house: House):
    desk = await house.at_desk()
    answer = await desk.get("/desk/api/stream")
    while (await answer.content.readline()).strip():
        pass  # the greeting
    house.notices.announce("desk", TYPING + b"h1")
    heard = b""
    while b"h1" not in heard:
        heard += await answer.content.readline()
    assert b'event: typing\ndata: {"handoff": "h1"}' in heard
    answer.close()
