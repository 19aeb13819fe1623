"""What the turns before tell: turned down, asked again, how long nothing has helped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.rules.book import RuleBook
from bot.domain.reading import Reading
from bot.domain.rules import PRIORITIES, Facts, Rule
from tests.unit.core.house import PAYING, RETURNS, House, line


async def facts(*dialogue: str) -> Facts:
    """What is known at the last message of a dialogue in which no rule calls."""
    house = House(line(), rules=())
    for said in dialogue:
        await house.say(said)
    return house.judged[-2].facts


@pytest.mark.parametrize(
    ("dialogue", "turns", "unknowns", "without", "rejected", "repeated"),
    [
        (["hi"], 1, 0, 1, False, False),
        ([RETURNS.question, PAYING.question], 2, 0, 1, False, False),
        ([RETURNS.question, RETURNS.question + "!"], 2, 0, 2, False, True),
        ([RETURNS.question, "no"], 2, 0, 2, True, False),
        ([RETURNS.question, "no", "xyzzy"], 3, 0, 3, True, False),
        ([RETURNS.question, "no", PAYING.question, "thanks"], 4, 0, 1, False, False),
        (["xyzzy", "thanks", "plugh"], 3, 1, 2, False, False),
        (["xyzzy", RETURNS.question, "no"], 3, 1, 3, True, False),
        (["xyzzy", RETURNS.question, "thanks"], 3, 0, 1, False, False),
        (["thanks", "thanks"], 2, 0, 1, False, False),
        (["xyzzy plugh frob", "frob plugh xyzzy"], 2, 1, 2, False, True),
    ],
)
async def test_how_a_talk_goes(
    dialogue: list[str],
    turns: int,
    unknowns: int,
    without: int,
    rejected: bool,  # noqa: FBT001  a table
    repeated: bool,  # noqa: FBT001  a table
):
    found = await facts(*dialogue)
    assert (found.turns, found.unknowns, found.without_progress) == (turns, unknowns, without)
    assert (found.rejected, found.repeated) == (rejected, repeated)


RULE = st.builds(
    Rule,
    name=st.text("abc", min_size=1, max_size=3),
    when=st.sampled_from(
        ["true", "false", "turns / 0 == 1", "reading.anger > 0.5", "decision == 'unknown'"]
    ),
    priority=st.sampled_from(PRIORITIES),
    lines=st.sampled_from([(), ("shop",), ("it",)]),
)


@given(st.lists(RULE, max_size=6), st.floats(0, 1))
def test_the_winner_is_the_first_of_the_most_pressing_that_fire(rules: list[Rule], anger: float):
    judged = RuleBook(rules).judge(Facts(line_name="shop", reading=Reading(anger=anger)), "before")
    firing = [one.rule for one in judged.verdicts if one.fires]
    assert all(rule.is_for("shop") for rule in firing)
    assert all(("/ 0" in one.rule.when) == (one.fault is not None) for one in judged.verdicts)
    if judged.winner is None:
        assert firing == []
        return
    rank = PRIORITIES.index(judged.winner.priority)
    assert rank == max(PRIORITIES.index(rule.priority) for rule in firing)
    assert judged.winner == next(r for r in firing if r.priority == judged.winner.priority)
