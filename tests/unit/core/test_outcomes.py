"""Every conversation ends as one of four, once; silence closes what only the bot held."""

from datetime import timedelta

import pytest

from bot.core.outcomes import end_of
from bot.domain.conversation import Conversation, Entry
from bot.domain.message import Citation, Sources, Text
from bot.domain.results import ENDS
from tests.fakes.clock import START
from tests.unit.core.house import ADA, RETURNS, ROOM, House, line

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


async def after(house: House, wait: timedelta) -> None:
    house.clock.advance(wait)
    await house.clockwork.tick()
    await house.run()


async def over(house: House) -> list[str]:
    """How conversations ended, once silence and the reopen window have passed."""
    for _ in range(3):
        await after(house, DAY + HOUR)
    return [ending.end for ending in house.truth.world.endings.values()]


async def test_silence_closes_and_the_window_ends_it():
    house = House()
    await house.say(RETURNS.question)
    await after(house, DAY - HOUR)
    assert house.conversation().holder == "bot"
    await after(house, HOUR)
    held = house.conversation()
    assert (held.holder, held.closed_at, held.boundary) == ("closed", START + DAY, START + DAY)
    assert house.truth.world.endings == {}
    await after(house, DAY)
    (ending,) = house.truth.world.endings.values()
    assert (ending.conversation, ending.line, ending.end) == (held.id, "shop", "assumed")
    assert ending.at == START + 2 * DAY
    assert house.truth.world.timers == {}
    assert len(house.told()) == 2  # nothing is said about it


async def test_words_put_the_silence_off():
    house = House(line(silence=2 * HOUR))
    await house.say(RETURNS.question)
    house.clock.advance(HOUR)
    await house.say("thanks")
    await after(house, HOUR)
    assert house.conversation().holder == "bot"
    await after(house, HOUR)
    assert house.conversation().holder == "closed"


async def test_a_person_is_never_closed_by_silence():
    house = House()
    await house.say("human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await after(house, 9 * DAY)
    assert house.conversation().holder == "human"
    await house.desk.act(house.handoff, "hand_back", ADA)
    await after(house, DAY)
    assert house.conversation().holder == "closed"


async def test_who_writes_within_the_window_goes_on_and_later_begins_anew():
    house = House()
    await house.say(RETURNS.question)
    await after(house, DAY)
    first = house.conversation().id
    await after(house, DAY - HOUR)
    await house.say("thanks")
    assert (house.conversation().id, house.conversation().holder) == (first, "bot")
    await after(house, DAY)
    await after(house, DAY)
    assert house.conversation().end is not None
    await house.say(RETURNS.question)
    assert house.conversation().id != first
    assert len(house.truth.world.endings) == 1


async def test_an_end_is_final_to_the_very_moment():
    house = House(line(reopen_window=timedelta()))
    await house.say(RETURNS.question)
    await after(house, DAY)
    first = house.conversation()
    assert first.end == "assumed"
    await house.say(RETURNS.question)
    assert house.conversation().id != first.id


async def test_confirmed():
    house = House()
    await house.say(RETURNS.question)
    await house.say("thanks a lot")
    assert await over(house) == ["confirmed"]


@pytest.mark.parametrize("words", [["what is the weather on mars"], ["hello"], ["hello", "thanks"]])
async def test_abandoned(words: list[str]):
    house = House()
    for one in words:
        await house.say(one)
    assert await over(house) == ["abandoned"]


async def test_thanks_for_nothing_confirm_nothing():
    house = House()
    await house.say(RETURNS.question)
    await house.say("thanks")
    await house.say("what is the weather on mars")
    await house.say("thanks")
    assert await over(house) == ["abandoned"]


@pytest.mark.parametrize("ends", ["resolve", "hand_back", "cancel"])
async def test_escalated_whatever_became_of_it(ends: str):
    house = House()
    await house.say(RETURNS.question)
    await house.say("human please")
    if ends == "cancel":
        await house.press("cancel")
    else:
        await house.desk.act(house.handoff, "claim", ADA)
        await house.desk.act(house.handoff, ends, ADA)  # type: ignore[arg-type]  # names of acts
    await house.say(RETURNS.question)
    await house.say("thanks")
    assert await over(house) == ["escalated"]


async def test_what_left_the_settings_ends_too():
    house = House()
    await house.say(RETURNS.question)
    house.lines._lines.clear()
    assert await over(house) == ["assumed"]


async def test_one_denominator():
    for words in (RETURNS.question, "hello", "human please"):
        house = House()
        await house.say(words)
        if house.conversation().holder == "waiting":
            await house.press("cancel")
        (end,) = await over(house)
        assert end in ENDS


def entry(author: str, decision: str | None = None, *, sources: bool = False) -> Entry:
    cited = Sources(items=(Citation(article="a", title="A"),))
    parts = (Text(text="words"), cited) if sources else (Text(text="words"),)
    return Entry(key="k", kind="said", author=author, parts=parts, at=START, decision=decision)  # type: ignore[arg-type]  # authors by name


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ([entry("customer", "composing"), entry("bot", sources=True)], "assumed"),
        ([entry("customer", "composing"), entry("bot")], "abandoned"),
        ([entry("customer", "composing"), entry("customer", "choices")], "abandoned"),
        ([entry("customer", "answer"), entry("bot"), entry("customer", "choices")], "abandoned"),
        ([entry("customer", "choices"), entry("customer", "answer")], "assumed"),
        ([], "abandoned"),
    ],
)
def test_what_counts_as_answered(said: list[Entry], end: str):
    held = Conversation(id="c", line="shop", address=ROOM, opened_at=START)
    assert end_of(held, said) == end
