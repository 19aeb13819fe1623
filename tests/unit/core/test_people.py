"""Turns in which a person is asked for, awaited or talking; the modes of a line."""

from datetime import timedelta

import pytest

from bot.core.words import ENGLISH
from bot.domain.line import Mode
from bot.domain.message import Choices, HandoffCard, Media, Text
from tests.fakes.writer import FakeWriter
from tests.unit.core.house import ADA, RETURNS, ROOM, STAFF_ROOM, House, line

GREETING = ENGLISH["greeting"].format(title="the shop")
WAIT = "10 minutes"


def cards(house: House) -> list[HandoffCard]:
    rows = [row for row in house.channel.shown if row.address == STAFF_ROOM]
    return [part for row in rows for part in row.parts if isinstance(part, HandoffCard)]


async def asked(*lines, **how) -> House:
    house = House(*(lines or (line(staff_room=STAFF_ROOM),)), **how)
    await house.say("a human please")
    return house


async def claimed(*lines, **how) -> House:
    house = await asked(*lines, **how)
    await house.desk.act(house.handoff, "claim", ADA)
    await house.run()
    return house


async def test_asking_for_a_person_is_told_and_carded():
    house = await asked()
    assert house.conversation().holder == "waiting"
    assert house.told() == [GREETING, ENGLISH["handed_over"].format(wait=WAIT)]
    (card,) = cards(house)
    assert (card.handoff, card.state, card.summary) == (
        house.handoff,
        "waiting",
        "a human please",
    )


async def test_a_line_without_a_staff_room_has_no_card():
    house = await asked(line())
    assert cards(house) == []
    assert len(house.told()) == 2


@pytest.mark.parametrize("value", ["cancel", "end"])
async def test_a_request_can_be_taken_back(value: str):
    house = await asked()
    offered = [p for p in house.channel.shown[1].parts if isinstance(p, Choices)]
    assert [c.value for c in offered[0].options] == ["cancel"]
    await house.press(value)
    assert house.conversation().holder == "bot"
    assert house.told()[-1] == ENGLISH["cancelled"]
    assert cards(house)[-1].state == "bot"
    assert house.conversation().boundary == house.clock.now()


async def test_a_button_pressed_twice_is_pressed_once():
    house = await asked()
    await house.press("cancel")
    said = len(house.told())
    await house.press("cancel")
    await house.press("end")
    assert house.conversation().holder == "bot"
    assert len(house.told()) == said
    assert house.decisions()[-2:] == ["quiet", "quiet"]


async def test_the_waiting_customer_is_heard_and_the_bot_keeps_back():
    house = await asked()
    said = len(house.told())
    await house.say(RETURNS.question)
    await house.press("person")
    assert len(house.told()) == said
    assert house.decisions()[1:] == ["relayed", "relayed"]
    assert house.library.asked == []


@pytest.mark.parametrize("writer", [None, FakeWriter("Written.")])
async def test_a_line_may_answer_plain_questions_meanwhile(writer: FakeWriter | None):
    house = await asked(line(answers_while_waiting=True), writer=writer)
    await house.say(RETURNS.question)
    assert house.told()[-1] == f"{ENGLISH['still_coming']}\nBy post."
    assert house.conversation().holder == "waiting"
    said = len(house.told())
    for words in ("xyzzy", "pay or return"):
        await house.say(words)
    await house.event(Media(url="u", mime="image/png", name="f.png"))
    await house.run()
    assert len(house.told()) == said


async def test_a_broken_library_does_not_keep_the_waiting_from_being_heard():
    house = await asked(line(answers_while_waiting=True, kb="gone"))
    await house.say(RETURNS.question)
    assert house.decisions()[-1] == "relayed"


async def test_a_person_who_talks_is_not_talked_over():
    house = await claimed()
    said = len(house.told())
    for words in (RETURNS.question, "another human please", "xyzzy"):
        await house.say(words)
    await house.press("article:returns", "How do I return something")
    await house.press("cancel")
    assert len(house.told()) == said
    assert house.decisions()[1:] == ["relayed"] * 5
    assert house.conversation().holder == "human"


async def test_the_customer_ends_the_talk_and_staff_see_it():
    house = await claimed()
    offered = [p for p in house.channel.shown[-2].parts if isinstance(p, Choices)]
    assert [c.value for c in offered[0].options] == ["end"]
    await house.press("end")
    assert house.conversation().holder == "closed"
    assert house.told()[-2] == ENGLISH["ended"].format(name="Ada")
    assert cards(house)[-1].state == "closed"
    await house.press("end")
    assert house.conversation().holder == "closed"
    assert house.told()[-2] == ENGLISH["ended"].format(name="Ada")


@pytest.mark.parametrize(
    ("mode", "reason"), [("off", "line_off"), ("shadow", "line_shadow"), ("share", "line_share")]
)
async def test_a_line_that_does_not_answer_sends_everybody_to_people(mode: Mode, reason: str):
    house = House(line(mode=mode, share_percent=0))
    await house.say(RETURNS.question)
    assert house.conversation().holder == "waiting"
    assert house.decisions() == [f"handoff_{reason}"]
    assert house.told()[-1] == ENGLISH["handed_over_line"].format(wait=WAIT)
    assert "By post." not in "".join(house.told())


async def test_the_share_that_is_answered_is_answered():
    house = House(line(mode="share", share_percent=100))
    await house.say(RETURNS.question)
    assert house.told()[-1] == "By post."


@pytest.mark.parametrize("writer", [None, FakeWriter("Written.")])
async def test_a_shadow_records_what_it_would_have_said(writer: FakeWriter | None):
    house = House(line(mode="shadow"), writer=writer)
    await house.say(RETURNS.question)
    (note,) = [e for e in house.transcript() if e.kind == "note"]
    assert note.author == "bot"
    assert note.parts == (Text(text="[answer] By post."),)
    assert all("By post." not in words for words in house.told())
    assert writer is None or writer.briefs == []


async def test_a_shadow_needs_neither_words_nor_library():
    house = House(line(mode="shadow", kb="gone"))
    await house.say(RETURNS.question)
    assert house.conversation().holder == "waiting"
    house = House(line(mode="shadow"))
    await house.event(Media(url="u", mime="image/png", name="f.png"))
    await house.run()
    assert house.conversation().holder == "waiting"
    assert house.library.asked == []


async def test_a_mode_is_switched_while_running():
    house = House()
    house.lines.switch({"shop": "off"})
    await house.say(RETURNS.question)
    assert house.conversation().holder == "waiting"
    await house.press("cancel")
    house.lines.switch({"shop": "on"})
    await house.say(RETURNS.question)
    assert house.told()[-1] == "By post."


async def test_a_closed_conversation_reopens_in_its_window():
    house = await claimed(line(reopen_window=timedelta(hours=24)))
    await house.desk.act(house.handoff, "resolve", ADA)
    first, closed_at = house.conversation(), house.clock.now()
    house.clock.advance(timedelta(hours=24))
    await house.say(RETURNS.question)
    again = house.conversation()
    assert (again.id, again.holder, again.handoff) == (first.id, "bot", None)
    assert again.boundary == closed_at
    assert house.told()[-1] == "By post."
    assert house.told().count(GREETING) == 1


async def test_after_the_window_a_new_conversation_begins():
    house = await claimed()
    await house.desk.act(house.handoff, "resolve", ADA)
    first = house.conversation()
    house.clock.advance(timedelta(hours=24, seconds=1))
    await house.press("end")
    assert house.conversation().id == first.id
    await house.say(RETURNS.question)
    second = house.conversation()
    assert second.id != first.id
    assert second.version > first.version
    assert house.told(ROOM)[-2:] == [GREETING, "By post."]


async def test_no_loop_after_a_hand_back():
    house = await claimed()
    await house.say("I told the bot I want a human")
    await house.desk.act(house.handoff, "hand_back", ADA)
    await house.say(RETURNS.question)
    assert house.conversation().holder == "bot"
    assert house.told()[-1] == "By post."
    house.clock.advance(timedelta(minutes=1))
    await house.say("human, once more")
    handoff = house.conversation().handoff
    assert handoff is not None
    assert handoff.summary == "human, once more"
