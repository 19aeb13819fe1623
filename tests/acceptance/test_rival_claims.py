"""Two hundred hand-offs at once, twenty people, three rivals for each: one has it, all is kept."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import DatabaseSection, Settings
from tests.support.desk import Desk
from tests.support.house import KEYS, House, open_house
from tests.support.program import Program
from tests.support.rivals import (
    RIVALS,
    Click,
    Customer,
    all_waiting,
    customers,
    dice_of,
    rivalry,
    signed_in,
    staff_links,
    writing_on,
)

pytestmark = pytest.mark.acceptance

HANDOFFS, PEOPLE, SEED = 200, 20, 4
NO_LIMITS = {
    f"CARELINE_CHAT__RATES__{rate}": "100000"
    for rate in ("ADDRESS_BURST", "ADDRESS_PER_SECOND", "NEWCOMER_BURST", "NEWCOMER_PER_SECOND",
                 "VISITOR_BURST", "VISITOR_PER_SECOND")
}  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture(scope="module")
def program(house: House) -> Program:
    return house.program(env=NO_LIMITS).start()


def settings_of(house: House) -> Settings:
    """What the program runs with, for a look at its staff."""
    url = SecretStr(house.postgres.url)
    return Settings(data=house.data, database=DatabaseSection(url=url), keys=SecretStr(KEYS))


async def test_each_has_one_winner_and_no_words_are_lost(house: House, program: Program):
    done = asyncio.Event()
    links = await staff_links(settings_of(house), program.base, PEOPLE)
    async with signed_in(links) as desks, customers(program.base, HANDOFFS) as asking:
        somebody = next(iter(desks.values()))
        waiting = await all_waiting(somebody, asking)
        async with asyncio.TaskGroup() as group:
            group.create_task(writing_on(asking, dice_of(SEED + 1), done, per_second=40))
            pressed = await rivalry(desks, [*waiting], dice_of(SEED))
            done.set()
        # Words after the claim belong to the person who has it, as those before do.
        for one in asking:
            await one.write(f"{one.mark} after all")
        winners = {handoff: _winner(clicks) for handoff, clicks in pressed.items()}
        assert len(winners) == HANDOFFS
        assert sum(len(one.kept) for one in asking) > 2 * HANDOFFS
        for handoff, customer in waiting.items():
            await somebody.reads(handoff, f"{customer.mark} after all")
            _all_is_there(await somebody.get(f"/handoffs/{handoff}"), customer, winners[handoff])
        board = (await somebody.get("/handoffs"))["handoffs"]
        owners = {str(row["id"]): row["claimed_by"]["name"] for row in board}
        assert owners == winners
        await _each_has_their_own(desks, winners)
    assert "Traceback" not in program.said()


def _winner(clicks: list[Click]) -> str:
    """Whoever got it; the others were told who that is."""
    won = [one for one in clicks if one.status == 200]
    lost = [one for one in clicks if one.status != 200]
    assert (len(won), len(lost)) == (1, RIVALS - 1), clicks
    assert won[0].answer["claimed_by"]["name"] == won[0].who
    assert won[0].answer["mine"] is True
    for one in lost:
        assert (one.status, one.answer["code"]) == (409, "taken")
        assert one.answer["holder"] == won[0].who
        assert won[0].who in one.answer["error"]
    return won[0].who


def _all_is_there(detail: dict[str, Any], customer: Customer, winner: str) -> None:
    """Every message once and in order, one joining, and not a word of the bot after it."""
    said = detail["transcript"]
    theirs = [line["text"] for line in said if line["author"] == "customer"]
    assert theirs == customer.kept
    joined = [at for at, line in enumerate(said) if f"{winner} has joined" in line["text"]]
    assert len(joined) == 1
    assert sum("has joined" in line["text"] for line in said) == 1
    assert not [line for line in said[joined[0] :] if line["author"] == "bot"]
    assert (detail["state"], detail["claimed_by"]["name"]) == ("human", winner)


async def _each_has_their_own(desks: dict[str, Desk], winners: dict[str, str]) -> None:
    """What somebody sees as their own is what they won."""
    for name, at in desks.items():
        rows = (await at.get("/handoffs"))["handoffs"]
        mine = {str(row["id"]) for row in rows if row["mine"]}
        assert mine == {handoff for handoff, who in winners.items() if who == name}
