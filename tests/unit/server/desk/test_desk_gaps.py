"""Proposals at the desk: whoever may see one line finds that line's, however many others wait."""

from datetime import timedelta

from bot.domain.teaching import Proposal
from tests.unit.server.desk.house import IDA, House


async def test_many_of_other_lines_do_not_hide_those_of_ones_own(house: House):
    now = house.clock.now()
    for number in range(300):
        line, at = ("it", now - timedelta(days=1)) if number == 0 else ("shop", now)
        made = Proposal(
            id=f"p{number}", source=f"alike:{number}", kb=line, line=line, kind="article",
            questions=("Why?",), proposed_at=at,
        )  # fmt: skip
        await house.shelf.propose(made.source, [made], at=at)
    found = await (await (await house.at_desk(IDA)).get("/desk/api/gaps")).json()
    assert [one["id"] for one in found["gaps"]] == ["p0"]
