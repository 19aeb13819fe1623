"""The staff thread: begun by the card, in the order of the conversation, and told what matters."""

from datetime import timedelta

import pytest

from bot.core.fitting import DELIVERED
from bot.domain.errors import Refused, TryLater
from bot.domain.message import Mark, Media, Origin, Text
from bot.domain.ports import Abilities
from tests.fakes.world import room_of
from tests.unit.core.house import ADA, ROOM, Crash, CrashingStore
from tests.unit.core.two_ends import BARE, DESK, THREADED, TwoEnds, without

PHOTO = Media(url="https://example.org/p.png", mime="image/png", name="p.png")


async def asked(**how) -> TwoEnds:
    house = TwoEnds(**how)
    await house.say("a human please")
    return house


async def claimed(**how) -> TwoEnds:
    house = await asked(**how)
    await house.desk.act(house.handoff, "claim", ADA)
    await house.run()
    return house


async def test_the_card_begins_the_thread_and_is_changed_in_place():
    house = await claimed()
    (first, card), (second, changed) = house.cards()
    assert (first.address, card.state, first.replaces) == (DESK, "waiting", None)
    assert house.thread.thread == "m1"
    assert (second.address, changed.state, changed.owner) == (DESK, "human", "Ada")
    assert (second.replaces, second.target) == (first.key, "m1")


async def test_without_edits_the_news_is_a_line_in_the_thread():
    house = await claimed(staff=BARE)
    assert len(house.cards()) == 1
    assert house.in_thread() == ["Ada has this conversation."]
    await house.press("end")
    assert house.in_thread()[1:] == [
        "This conversation is closed.",
        "The customer has ended the talk.",
    ]


async def test_without_threads_there_is_only_the_card():
    house = await claimed(staff=without(THREADED, threads=False))
    await house.say("are you there?")
    handoff = house.conversation().handoff
    assert handoff is not None
    assert handoff.staff_thread is None
    assert [row.address for row in house.team.shown] == [DESK, DESK]


@pytest.mark.parametrize("staff", [THREADED, BARE])
async def test_what_is_said_before_the_thread_is_there_follows_it_in_order(staff: Abilities):
    house = TwoEnds(staff=staff)
    await house.say("where is my parcel")
    house.clock.advance(timedelta(seconds=5))
    house.team.fail(TryLater(timedelta(seconds=30)))
    await house.say("a human please")
    house.clock.advance(timedelta(seconds=5))
    await house.say("one")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.say("two")
    assert house.team.shown == []
    house.clock.advance(timedelta(minutes=1))
    house.sweep()
    await house.run()
    await house.say("three")
    words = ["one", "two", "three"]
    news = [] if staff.edits else ["Ada has this conversation."]
    assert house.in_thread() == [*news, *words]


async def test_a_thread_is_begun_and_caught_up_whenever_the_process_dies():
    for at in range(1, 5):
        for committed in (False, True):
            house = TwoEnds()
            house.team.fail(TryLater(timedelta(seconds=1)))
            await house.say("a human please")
            await house.say("one")
            house.clock.advance(timedelta(minutes=1))
            store = CrashingStore(house.truth, at, committed=committed)
            house.delivery._store = store
            try:
                await house.delivery.deliver(room_of(DESK))
            except Crash:
                house.truth._busy.clear()
            house.delivery._store = house.truth
            house.sweep()
            await house.run()
            assert (house.thread.thread, house.in_thread()) == ("m1", ["one"])


async def test_what_is_passed_on_is_marked_when_it_is_delivered():
    house = await claimed()
    origin = Origin(address=house.thread, message_id="in9")
    await house.pass_on("Hello!", origin)
    mark = house.team.shown[-1]
    assert mark.parts == (Mark(state="delivered"),)
    assert (mark.address, mark.reply_to) == (house.thread, "in9")


async def test_without_marks_it_is_said():
    house = await claimed(staff=BARE)
    await house.pass_on("Hello!", Origin(address=house.thread, message_id="in9"))
    assert house.team.shown[-1].text() == DELIVERED
    assert house.team.shown[-1].reply_to == "in9"


async def test_what_was_refused_is_told_with_reason_and_remedy():
    house = await claimed()
    house.channel.fail(Refused("the number is blocked", remedy="Call them instead."))
    await house.pass_on("Hello!", Origin(address=house.thread, message_id="in9"))
    mark, told = house.team.shown[-2:]
    assert (mark.parts, mark.reply_to) == ((Mark(state="failed"),), "in9")
    assert told.text() == "Not delivered to the customer: the number is blocked. Call them instead."
    assert (told.address, told.reply_to) == (house.thread, "in9")
    assert house.transcript()[-1].text().endswith("Hello!\nCall them instead.")


async def test_a_reply_from_the_desk_that_was_refused_is_told_with_its_words():
    house = await claimed()
    house.channel.fail(Refused("the number is blocked"))
    await house.desk.reply(house.handoff, ADA, "Hello!", "k1")
    await house.run()
    assert house.in_thread()[-1].startswith("Not delivered to the customer: the number is blocked.")
    assert house.in_thread()[-1].endswith("\n\nHello!")


async def test_a_thread_that_refuses_tells_nobody_for_ever():
    house = await claimed()
    house.team.fail(Refused("archived"))
    await house.say("hello?")
    assert house.transcript()[-1].text() == "Not delivered (team, archived): hello?"
    assert not house.truth.jobs


async def test_a_row_that_waits_for_long_is_told_once():
    house = await claimed()
    house.channel.fail(TryLater(timedelta(seconds=70)), times=5)
    await house.desk.reply(house.handoff, ADA, "Hello!", "k1")
    for _ in range(6):
        await house.run()
        house.clock.advance(timedelta(seconds=70))
        house.sweep()
    told = [words for words in house.in_thread() if "has not taken this" in words]
    assert len(told) == 1
    assert "for 2 minutes" in told[0]
    assert house.told()[-1] == "Hello!"


async def test_customers_files_pass_where_staff_can_see_them_and_are_told_of_elsewhere():
    house = await claimed()
    await house.event(Text(text="this one"), PHOTO)
    await house.run()
    assert house.team.shown[-1].parts == (Text(text="this one"), PHOTO)
    house = await claimed(staff=BARE)
    await house.event(PHOTO)
    await house.run()
    assert house.in_thread()[-1] == (
        "The customer sent a file, p.png (image/png). It is on the desk."
    )


async def test_long_words_are_cut_for_the_room_that_takes_few():
    house = await claimed(staff=without(BARE, max_text=50))
    await house.say("first part of it. " * 5)
    parts = house.in_thread()[-2:]
    assert all(len(words) <= 50 for words in parts)
    assert " ".join(parts) == ("first part of it. " * 5).strip()


async def test_what_is_said_at_the_desk_is_read_in_the_thread():
    house = await claimed()
    await house.desk.reply(house.handoff, ADA, "It costs 40.", "k1")
    await house.run()
    line = house.transcript()[-1].key
    await house.amending.edit_reply(house.handoff, ADA, line, "It costs 45.", "e1")
    await house.amending.edit_reply(house.handoff, ADA, line, "It costs 45.", "e2")
    await house.amending.delete_reply(house.handoff, ADA, line, "d1")
    await house.run()
    assert house.in_thread() == [
        "Ada, at the desk: It costs 40.",
        "Ada has changed a message to the customer at the desk. It says now: It costs 45.",
        "Ada has taken a message to the customer back at the desk.",
    ]
    assert [row.text() for row in house.channel.shown[-3:]] == ["It costs 40.", "It costs 45.", ""]


async def test_customers_changes_are_told():
    house = await claimed()
    first = await house.say("my order is 123")
    await house.event(Text(text="my order is 132"), kind="edited", changes=first.key)
    await house.event(kind="deleted", changes=first.key)
    await house.run()
    assert house.in_thread()[-2:] == [
        "The customer has changed a message. It says now: my order is 132",
        "The customer has taken a message back.",
    ]


async def test_the_customer_who_ends_or_cancels_is_told_of():
    house = await claimed()
    await house.press("end")
    assert house.in_thread()[-1] == "The customer has ended the talk."
    house = await asked()
    await house.press("cancel")
    assert house.in_thread()[-1] == "The customer no longer needs a person."
    assert ROOM not in [row.address for row in house.team.shown]
