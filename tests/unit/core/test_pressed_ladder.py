"""A more pressing rule while somebody waits: the ladder begins anew, and nobody is called twice."""

from dataclasses import replace

from bot.core.pings import CALLOUT
from bot.domain.handoff import Ladder, Rung
from tests.unit.core.house import SHIPPED
from tests.unit.core.test_ladder import WAIT, house, pings, tick


async def test_a_more_pressing_word_while_waiting_begins_the_call_anew():
    made = house()
    await made.say("human please")
    await tick(made)
    await tick(made, WAIT)
    await tick(made, WAIT)
    before = pings(made)
    await made.say("I think of ending it")
    await tick(made)
    held = made.conversation().handoff
    assert held is not None
    assert (held.rule, held.priority, held.round, held.rung) == ("self-harm", "urgent", 1, 0)
    assert [call.person for call in held.calls if call.round == 1] == ["ada"]
    assert len(pings(made)) > len(before)
    calls = len(held.calls)
    await made.say("I think of ending it")
    await tick(made)
    again = made.conversation().handoff
    assert again is not None
    assert (again.round, len(again.calls)) == (1, calls)
    await tick(made, WAIT)
    later = made.conversation().handoff
    assert later is not None
    assert later.rung == 1


async def test_a_more_pressing_rule_calls_its_own_team():
    own = Ladder(rungs=(Rung(team="second", means="sms", wait=WAIT),), fallback="callback")
    rules = [replace(rule, team="second") if rule.name == "self-harm" else rule for rule in SHIPPED]
    made = house(team_ladders=(("second", own),), rules=rules)
    await made.say("human please")
    await tick(made)
    await tick(made, WAIT)
    await tick(made, WAIT)
    await made.say("I think of ending it")
    await tick(made)
    held = made.conversation().handoff
    assert held is not None
    assert (held.ladder, held.fallback) == (own.rungs, "callback")
    assert [call.person for call in held.calls if call.round == 1] == ["cleo"]
    news = [row for row in made.channels[CALLOUT].shown if row.replaces is not None]
    assert {row.address.account for row in news} == {"pager"}
