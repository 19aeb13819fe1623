"""What helps the claimer: suggested replies and hints, for nobody else's eyes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.assist import TELL_EVERY, Dismissing, shown_to
from bot.domain.assist import Assist
from bot.domain.errors import TransitionRefused
from bot.domain.message import Address
from tests.fakes.reader import FakeReader
from tests.unit.core.house import ADA, BEN, RETURNS, House, line
from tests.unit.core.two_ends import TwoEnds

AT_TEAM = Address(channel="team", account="T1", room="UADA")


async def claimed(house: House) -> House:
    await house.staff.put(replace(ADA, addresses=(AT_TEAM,)))
    await house.say("a human please")
    await house.desk.act(handoff_of(house), "claim", ADA)
    await house.run()
    return house


def handoff_of(house: House) -> str:
    handoff = house.conversation().handoff
    assert handoff is not None
    return handoff.id


def assist(house: House) -> Assist:
    found = shown_to(ADA, house.conversation())
    assert found is not None
    return found


async def test_the_claimer_is_shown_the_approved_text_and_nobody_else():
    house = await claimed(House(assists=True))
    before = len(house.told())
    await house.say("How do I return something")
    suggestion = assist(house).suggestion
    assert suggestion is not None
    assert (suggestion.text, suggestion.url, suggestion.sure) == ("By post.", "u", True)
    assert suggestion.sendable
    assert shown_to(BEN, house.conversation()) is None
    assert shown_to(replace(ADA, assist=False), house.conversation()) is None
    assert len(house.told()) == before


async def test_a_near_article_is_said_to_be_no_more_than_that():
    house = await claimed(House(assists=True))
    await house.say("return shoes")
    suggestion = assist(house).suggestion
    assert suggestion is not None
    assert not suggestion.sure


async def test_what_people_lead_is_there_to_read_and_not_to_send():
    house = await claimed(House(assists=True))
    house.library.put("shop", replace(RETURNS, human_led=True))
    await house.say("How do I return something")
    found = assist(house)
    assert found.hints == ("human_led",)
    assert found.suggestion is not None
    assert not found.suggestion.sendable


async def test_the_newest_words_count_and_a_reply_ends_it():
    house = await claimed(House(assists=True))
    await house.say("How do I return something")
    first = assist(house)
    await house.say("How can I pay")
    assert assist(house).id != first.id
    await house.say("zzz unheard of")
    assert shown_to(ADA, house.conversation()) is None
    await house.say("How can I pay")
    await house.desk.reply(handoff_of(house), ADA, "By card.", "k1")
    assert shown_to(ADA, house.conversation()) is None


async def test_asking_again_is_hinted_at():
    house = await claimed(House(assists=True))
    await house.say("where is the zeppelin")
    await house.say("where is the zeppelin")
    assert assist(house).hints == ("asked_again",)


async def test_to_somebody_in_distress_nothing_is_suggested():
    house = House(assists=True, reader=FakeReader(signals={"distress": "crying"}))
    await claimed(house)
    await house.say("How do I return something, crying")
    found = assist(house)
    assert found.suggestion is None
    assert found.hints == ("distress",)


async def test_feelings_are_no_hint_where_they_are_not_read():
    house = House(
        line(feelings=False), assists=True, reader=FakeReader(signals={"distress": "crying"})
    )
    await claimed(house)
    await house.say("crying over it, zzz")
    assert shown_to(ADA, house.conversation()) is None


async def test_a_dismissed_one_is_gone_and_a_newer_one_stays():
    house = await claimed(House(assists=True))
    dismiss = Dismissing(house.store)
    await house.say("How do I return something")
    first = assist(house)
    with pytest.raises(TransitionRefused):
        await dismiss(handoff_of(house), BEN, first.id)
    await house.say("How can I pay")
    await dismiss(handoff_of(house), ADA, first.id)
    second = assist(house)
    await dismiss(handoff_of(house), ADA, second.id)
    assert shown_to(ADA, house.conversation()) is None


async def test_a_broken_library_keeps_no_words_from_people():
    house = await claimed(House(line(kb="gone"), assists=True))
    await house.say("How can I pay")
    assert shown_to(ADA, house.conversation()) is None
    assert house.conversation().holder == "human"
    assert house.conversation().last_customer_at == house.clock.now()


async def test_the_staff_thread_shows_it_to_the_claimer_alone_and_not_too_often():
    house = TwoEnds(assists=True)
    await claimed(house)
    await house.say("How do I return something")
    await house.say("How can I pay")
    told = house.privately("UADA")
    assert [row.address for row in told] == [house.thread]
    assert "By post." in told[0].text()
    house.clock.advance(TELL_EVERY + timedelta(seconds=1))
    await house.say("How can I pay, please")
    assert "By card." in house.privately("UADA")[1].text()


async def test_words_that_nothing_helps_with_or_a_reply_make_it_no_more_often():
    house = TwoEnds(assists=True)
    await claimed(house)
    await house.say("How do I return something")
    await house.say("zzz unheard of")
    await house.say("How can I pay")
    await house.desk.reply(handoff_of(house), ADA, "By card.", "k1")
    await house.say("How do I return something, please")
    assert len(house.privately("UADA")) == 1


async def test_nobody_is_told_who_wants_no_help():
    house = TwoEnds(assists=True)
    await claimed(house)
    await house.staff.put(replace(ADA, addresses=(AT_TEAM,), assist=False))
    await house.say("How do I return something")
    assert house.privately("UADA") == []


async def test_the_card_has_all_that_staff_need():
    house = TwoEnds(assists=True, reader=FakeReader(signals={"legal_threat": "lawyer"}))
    await house.say("How do I return something")
    await house.say("you hear from my lawyer, How can I pay")
    card = house.cards()[0][1]
    assert card.why == "The customer speaks of lawyers or of going to court."
    assert (card.customer, card.channel, card.language) == ("Max", "fake", "en")
    assert [(one.title, one.url) for one in card.tried] == [("How do I return something", "u")]
    assert card.said[-1].text == "you hear from my lawyer, How can I pay"
    assert [one.author for one in card.said][-2:] == ["bot", "customer"]
    assert card.suggested is not None
    assert (card.suggested.text, card.suggested.title) == ("By card.", "How can I pay")


async def test_what_people_lead_is_a_suggested_reply_nowhere():
    house = TwoEnds(assists=True)
    await claimed(house)
    house.library.put("shop", replace(RETURNS, human_led=True))
    await house.say("How do I return something")
    told = house.privately("UADA")[0].text()
    assert "For you to read, from “How do I return something” (u):" in told
    assert "Suggested reply" not in told
