"""Each reply says whether it has reached the customer, and what to do where it has not."""

from typing import Any

import pytest

from bot.core.delivery import GIVEN_UP, NOT_SET_UP
from bot.domain.conversation import Entry, undelivered
from bot.domain.desk import Arrival, Unsent
from bot.domain.message import Text
from tests.unit.server.desk.house import ADA, House

H1 = "/desk/api/handoffs/h1"


async def told(house: House) -> Any:
    """The delivery of the last reply of staff, as the desk gets it."""
    desk = await house.at_desk()
    lines = (await (await desk.get(H1)).json())["transcript"]
    assert all(line["delivery"] is None for line in lines if line["author"] != "staff")
    assert all(line["delivery"] is None for line in lines if line["kind"] == "note")
    return next(line["delivery"] for line in reversed(lines) if line["author"] == "staff")


async def replied(house: House) -> None:
    house.waiting()
    await house.press.act("h1", "claim", ADA)
    await house.press.reply("h1", ADA, "On it.", "k1")
    await house.press.note("h1", ADA, "a difficult one", "k2")
    house.board.entries["c-h1"].reverse()  # so that the reply is the last line of staff


async def test_what_is_shown_from_our_own_database_has_arrived(house: House):
    await replied(house)
    assert await told(house) == {"state": "delivered", "text": "Delivered", "remedy": None}


@pytest.mark.parametrize(
    ("tries", "words"), [(0, "On its way"), (1, "On its way"), (4, "Not delivered yet")]
)
async def test_what_waits_to_be_sent_is_on_its_way(house: House, tries: int, words: str):
    await replied(house)
    house.board.unsent["k1"] = Unsent(tries=tries)
    delivery = await told(house)
    assert delivery["state"] == "on_its_way"
    assert words in delivery["text"]


@pytest.mark.parametrize(
    ("reached", "words"), [("sent", "Sent"), ("delivered", "Delivered"), ("read", "Read")]
)
async def test_how_far_it_has_come_is_told(house: House, reached: Arrival, words: str):
    await replied(house)
    house.board.reached["k1"] = reached
    assert await told(house) == {"state": "delivered", "text": words, "remedy": None}


async def test_what_waits_for_the_customer_says_so(house: House):
    await replied(house)
    house.board.unsent["k1"] = Unsent(tries=1, waits=True)
    assert (await told(house))["text"] == "Waiting for the customer to write"


@pytest.mark.parametrize(
    ("fault", "words", "remedy"),
    [
        ("the customer has blocked us.", "Not delivered: the customer has blocked us.", "or reach"),
        (NOT_SET_UP, "channel is not set up here any more.", "Ask whoever runs Careline"),
        (GIVEN_UP, "could not be reached for hours.", "Send it again"),
    ],
)
async def test_what_did_not_arrive_says_why_and_what_to_do(
    house: House, fault: str, words: str, remedy: str
):
    await replied(house)
    note = Entry(
        key=undelivered("k1"),
        kind="note",
        author="system",
        parts=(Text(text="Not delivered."),),
        at=house.clock.now(),
        fault=fault,
    )
    house.board.add("c-h1", note)
    delivery = await told(house)
    assert delivery["state"] == "failed"
    assert words in delivery["text"]
    assert remedy in delivery["remedy"]


async def test_what_was_given_up_without_a_word_failed_all_the_same(house: House):
    await replied(house)
    house.board.unsent["k1"] = Unsent(tries=1, given_up=True)
    assert (await told(house))["state"] == "failed"
