"""A person leaves: a marker with a summary, and the bot's context starts after it."""

from datetime import timedelta

from bot.core.parting import summary
from bot.domain.message import Sources
from tests.unit.core.house import ADA, RETURNS, House, line


async def handed_back() -> House:
    house = House(line())
    await house.say("a human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.say("my parcel is lost")
    await house.desk.note(house.handoff, ADA, "He is cross", "n1")
    await house.desk.reply(house.handoff, ADA, "It comes on Monday", "k1")
    await house.desk.act(house.handoff, "hand_back", ADA)
    await house.run()
    return house


async def test_hand_back_leaves_a_marker_with_the_words_of_others():
    house = await handed_back()
    last = house.transcript()[-1]
    assert (last.kind, last.author) == ("marker", "system")
    told, *lines = last.text().splitlines()
    assert "as they were written" in told
    assert lines == ["Max: a human please", "Max: my parcel is lost", "Ada: It comes on Monday"]
    assert all("marker" not in words and "Summary" not in words for words in house.told())


async def test_the_bot_goes_on_after_it_and_calls_nobody():
    house = await handed_back()
    house.clock.advance(timedelta(seconds=1))
    await house.say(RETURNS.question)
    assert house.conversation().holder == "bot"
    assert house.told()[-1] == "By post."
    held = house.conversation()
    async with house.truth.transaction() as t:
        seen = await t.transcript.read(held.id, after=held.boundary)
    assert [e.text() for e in seen if e.author == "customer"] == [RETURNS.question]
    assert [e for e in seen if e.kind != "said"] == []
    assert any(isinstance(p, Sources) for e in seen for p in e.parts)


async def test_resolve_and_the_customers_end_leave_one_too():
    for ends in ("resolve", "end"):
        house = House()
        await house.say("a human please")
        await house.desk.act(house.handoff, "claim", ADA)
        if ends == "end":
            await house.press("end")
        else:
            await house.desk.act(house.handoff, "resolve", ADA)
        assert [e.kind for e in house.transcript()].count("marker") == 1


async def test_only_this_stretch_is_told():
    house = await handed_back()
    house.clock.advance(timedelta(seconds=1))
    await house.say("human again")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.desk.act(house.handoff, "hand_back", ADA)
    assert house.transcript()[-1].text().splitlines()[1:] == ["Max: human again"]


def test_nothing_said():
    assert summary(()) == "Nothing was said in words."
