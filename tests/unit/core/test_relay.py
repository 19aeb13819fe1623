"""A talk through a staff thread: whose words go to the customer, and what becomes of the others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import staff_words as words
from bot.core.relaying import LONGEST
from bot.core.words import ENGLISH
from bot.domain.buttons import act_of, button, buttons_of
from bot.domain.message import Choices, HandoffCard, Mark, Media, Pressed, Text
from bot.domain.ports import Abilities
from tests.fakes.channel import PLAIN
from tests.unit.core.house import ROOM, Crash, CrashingStore
from tests.unit.core.two_ends import (
    BARE,
    DESK,
    THREADED,
    claimed,
    edit,
    hints,
    notes,
    pressed,
    staffed,
    without,
    write,
)

REPORT = Media(url="https://example.org/r.pdf", mime="application/pdf", name="r.pdf")


# --- whose words ----------------------------------------------------------------------------------


async def test_the_claimers_words_go_to_the_customer_and_are_marked():
    house = await claimed()
    said = await write(house, "Hello, I am looking.")
    assert house.told()[-1] == "Hello, I am looking."
    assert house.channel.shown[-1].author_name == "Ada"
    mark = house.team.shown[-1]
    assert (mark.parts, mark.reply_to) == ((Mark(state="delivered"),), said.message_id)
    line = house.transcript()[-1]
    assert (line.author, line.name, line.text()) == ("staff", "Ada", "Hello, I am looking.")


async def test_an_answer_ends_the_customers_wait():
    house = await claimed()
    await house.say("hello?")
    handoff = house.conversation().handoff
    assert handoff is not None
    assert handoff.unanswered_since is not None
    await write(house, "Here I am.")
    handoff = house.conversation().handoff
    assert handoff is not None
    assert handoff.unanswered_since is None


async def test_the_note_mark_keeps_words_internal():
    house = await claimed()
    said = len(house.told())
    await write(house, "// a difficult one")
    assert len(house.told()) == said
    (note,) = notes(house)
    assert (note.text(), note.name) == ("a difficult one", "Ada")
    await write(house, "//")
    assert len(notes(house)) == 1


async def test_a_colleagues_words_are_kept_and_they_are_told_once():
    house = await claimed()
    said = len(house.told())
    await write(house, "tell them to wait", by="ben")
    await write(house, "or not", by="ben")
    assert len(house.told()) == said
    assert [(n.text(), n.name) for n in notes(house)] == [
        ("tell them to wait", "Ben"),
        ("or not", "Ben"),
    ]
    (hint,) = house.privately("ben")
    assert hint.text() == words.NOT_YOURS.format(owner="Ada")
    assert hint.parts[1] == Choices(options=(button("take_over", house.handoff),))


@pytest.mark.parametrize("who", ["eve", "somebody"])
async def test_strangers_are_refused_in_private_and_kept_nowhere(who: str):
    house = await claimed()
    before = house.truth.world.entries
    await write(house, "hello customer", by=who)
    await write(house, "// note", by=who)
    assert house.truth.world.entries == before
    assert hints(house, who) == [words.STRANGER] * 2
    assert words.STRANGER not in house.in_thread()


async def test_where_nothing_is_private_strangers_are_told_nothing():
    house = await claimed(staff=BARE)
    shown = len(house.team.shown)
    await write(house, "hello customer", by="somebody")
    assert len(house.team.shown) == shown
    await write(house, "hello customer", by="ben")
    assert house.in_thread()[-1] == f"Ben: {words.NOT_YOURS.format(owner='Ada')}"


async def test_nobodys_words_go_out_before_a_claim():
    house = await staffed()
    said, lines = house.told(), house.transcript()
    await write(house, "hello there")
    assert (house.told(), house.transcript()) == (said, lines)
    (hint,) = house.privately("ada")
    assert hint.text() == words.CLAIM_FIRST
    assert hint.parts[1] == Choices(options=(button("claim", house.handoff),))
    await write(house, "// but a note is kept")
    assert [note.text() for note in notes(house)] == ["but a note is kept"]


@pytest.mark.parametrize("act", ["hand_back", "resolve"])
async def test_nobodys_words_go_out_after_the_end(act: str):
    house = await claimed()
    await pressed(house, act)
    said = house.told()
    await write(house, "one more thing")
    assert house.told() == said
    assert hints(house)[-1] == words.OVER


async def test_an_earlier_handoffs_thread_reaches_nobody():
    house = await claimed()
    old = house.thread
    await pressed(house, "hand_back")
    house.clock.advance(timedelta(minutes=1))
    await house.say("a human please")
    await pressed(house, "claim")
    assert house.thread != old
    said = house.told()
    await house.say("in the old one", room=old, sender="ada")
    assert house.told() == said
    assert hints(house)[-1] == words.OVER


async def test_words_in_the_room_and_in_other_threads_are_nobodys():
    house = await claimed()
    shown, world = len(house.team.shown), len(house.truth.world.conversations)
    for place in (DESK, replace(DESK, thread="m99")):
        await house.say("lunch?", room=place, sender="ada")
        await house.say("human please", room=place, sender="somebody")
    assert (len(house.team.shown), len(house.truth.world.conversations)) == (shown, world)
    assert {e.state for e in house.truth.world.events.values()} == {"done"}


async def test_the_same_event_twice_is_sent_once():
    house = await claimed()
    for _ in range(2):
        await write(house, "Hello.", key="team:1")
    assert house.told().count("Hello.") == 1


# --- presses --------------------------------------------------------------------------------------


async def test_the_buttons_of_the_card_do_what_they_say():
    house = await staffed()
    card = house.cards()[0][1]
    assert [act_of(o.value) for o in buttons_of(card).options] == [("claim", house.handoff)]
    await pressed(house, "claim")
    assert (house.conversation().holder, hints(house)) == ("human", [words.YOURS])
    card = house.cards()[-1][1]
    offered = [act_of(o.value) for o in buttons_of(card).options]
    assert [one and one[0] for one in offered] == ["take_over", "release", "hand_back", "resolve"]
    await pressed(house, "take_over", by="ben")
    assert house.told()[-1] == ENGLISH["taken_over"].format(name="Ben")
    await pressed(house, "release", by="ben")
    assert hints(house, "ben")[-1] == words.DONE["release"]
    await pressed(house, "claim", by="ben")
    await pressed(house, "resolve", by="ben")
    assert house.conversation().holder == "closed"
    ended = house.cards()[-1][1]
    assert buttons_of(ended) == Choices(options=())


async def test_the_loser_is_told_who_has_it_and_may_take_over():
    house = await claimed()
    await pressed(house, "claim", by="ben")
    lost = house.privately("ben")[-1]
    assert lost.text() == "Ada has this conversation."
    assert lost.parts[1] == Choices(options=(button("take_over", house.handoff),))
    await pressed(house, "resolve", by="ben")
    assert hints(house, "ben")[-1] == "Ada has this conversation. Take it over first."
    handoff = house.conversation().handoff
    assert handoff is not None
    assert handoff.claimed_by == "ada"


async def test_a_press_on_a_card_that_is_long_closed_is_told():
    house = await claimed()
    old, thread = house.handoff, house.thread
    await pressed(house, "hand_back")
    house.clock.advance(timedelta(minutes=1))
    await house.say("a human please")
    await house.press(f"claim:{old}", room=thread, sender="ada")
    assert hints(house)[-1] == "This has ended, or is not one of your lines."
    assert house.conversation().holder == "waiting"


@pytest.mark.parametrize("who", ["eve", "somebody"])
async def test_a_strangers_press_does_nothing(who: str):
    house = await staffed()
    await pressed(house, "claim", by=who)
    assert house.conversation().holder == "waiting"
    assert hints(house, who) == [words.STRANGER]


async def test_a_customer_cannot_press_staffs_buttons():
    house = await staffed()
    said = house.told()
    await house.press(f"claim:{house.handoff}")
    assert (house.conversation().holder, house.told()) == ("waiting", said)
    await house.press("claim:nothing")
    assert house.conversation().holder == "waiting"


async def test_presses_that_mean_nothing_do_nothing():
    house = await claimed()
    shown = len(house.team.shown)
    for value in ("person", "end", "dance:h1", "claim:"):
        await house.press(value, room=house.thread, sender="ada")
    assert (house.conversation().holder, len(house.team.shown)) == ("human", shown)


# --- files and long words -------------------------------------------------------------------------


async def test_files_pass_where_the_customer_can_see_them():
    house = await claimed(customer=without(PLAIN, media=True))
    await house.event(Text(text="the report"), REPORT, room=house.thread, sender="ada")
    await house.run()
    assert house.channel.shown[-1].parts == (Text(text="the report"), REPORT)


async def test_where_files_cannot_pass_the_words_do_and_staff_are_told():
    house = await claimed()
    await house.event(Text(text="the report"), REPORT, room=house.thread, sender="ada")
    await house.run()
    assert house.channel.shown[-1].parts == (Text(text="the report"),)
    assert hints(house)[-1] == words.NO_FILES.format(names="r.pdf")
    said = house.told()
    await house.event(REPORT, room=house.thread, sender="ada")
    await house.run()
    assert house.told() == said


@pytest.mark.parametrize("mark", ["", "// "])
async def test_a_hundred_thousand_characters_are_told_to_their_writer_alone(mark: str):
    house = await claimed()
    told, lines = house.told(), house.transcript()
    await write(house, mark + "x" * 100_000)
    assert (house.told(), house.transcript()) == (told, lines)
    assert f"{LONGEST:,}" in hints(house)[-1]
    short = await write(house, "short")
    await edit(house, short, "x" * 100_000)
    assert f"{LONGEST:,}" in hints(house)[-1]
    assert house.told()[-1] == "short"


async def test_long_words_arrive_in_pieces_and_are_marked_once_at_their_end():
    house = await claimed(customer=without(PLAIN, max_text=1000))
    await write(house, "one sentence after another. " * 90)
    pieces = house.told()[-3:]
    assert all(len(piece) <= 1000 for piece in pieces)
    assert " ".join(pieces) == ("one sentence after another. " * 90).strip()
    assert [m.parts for m in house.team.shown if m.reply_to] == [(Mark(state="delivered"),)]


# --- the customer's end ---------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["End this conversation", "end.", "END CHAT"])
async def test_the_customer_ends_the_talk_by_a_word(said: str):
    house = await claimed()
    await house.say(said)
    assert house.conversation().holder == "closed"
    assert ENGLISH["ended"].format(name="Ada") in house.told()[-2:]


async def test_words_that_only_speak_of_an_end_end_nothing():
    house = await claimed()
    await house.say("when does my contract end")
    assert house.conversation().holder == "human"
    assert house.in_thread()[-1] == "when does my contract end"


# --- what can go wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("at", range(1, 12))
async def test_whenever_the_process_dies_everything_happens_once(at: int, *, committed: bool):
    house = await claimed()
    house.truth.jobs.clear()
    await house.event(Text(text="Hello."), room=house.thread, sender="ada", key="team:1")
    await house.event(Text(text="// aside"), room=house.thread, sender="ada", key="team:2")
    await house.event(
        Pressed(value=f"release:{house.handoff}"),
        kind="pressed",
        room=house.thread,
        sender="ada",
        key="team:3",
    )
    dying = house.dying(CrashingStore(house.truth, at, committed=committed))
    try:
        await dying.run()
    except Crash:
        house.truth._busy.clear()
    house.sweep()
    await house.run()
    assert house.told().count("Hello.") == 1
    assert [note.text() for note in notes(house)] == ["aside"]
    assert house.conversation().holder == "waiting"
    assert hints(house)[-1] == words.DONE["release"]
    marks = [row for row in house.team.shown if row.parts == (Mark(state="delivered"),)]
    assert len(marks) == 1


async def test_what_cannot_be_worked_on_is_set_aside_and_told(monkeypatch: pytest.MonkeyPatch):
    house = await claimed()
    conversations = len(house.truth.world.conversations)

    async def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(type(house.relay), "_written", broken)
    await write(house, "Hello.")
    assert hints(house)[-1] == words.FAILED
    assert {e.state for e in house.truth.world.events.values()} == {"done", "parked"}
    assert len(house.truth.world.conversations) == conversations
    assert "Hello." not in house.told()


async def test_the_order_of_words_is_the_order_of_the_conversation():
    house = await claimed()
    for number in range(5):
        await house.say(f"customer {number}")
        await write(house, f"ada {number}")
    lines = [e.text() for e in house.transcript()][-10:]
    assert lines == [f"{who} {n}" for n in range(5) for who in ("customer", "ada")]
    assert house.in_thread() == [f"customer {n}" for n in range(5)]
    assert [t for t in house.told() if t.startswith("ada")] == [f"ada {n}" for n in range(5)]


async def test_a_card_names_its_owner_in_every_state():
    card = HandoffCard(
        handoff="h", line="shop", reason="asked", priority="normal", state="bot", summary=""
    )
    assert buttons_of(card).options == ()
    assert act_of("dance:h") is None
    assert act_of("claim") is None


async def test_staffs_words_are_never_read():
    house = await claimed()
    read = list(house.reader.seen)
    await write(house, "where is my parcel")
    assert house.reader.seen == read


@pytest.mark.parametrize("staff", [THREADED, BARE])
async def test_nothing_of_the_thread_reaches_another_customer(staff: Abilities):
    house = await claimed(staff=staff)
    other = replace(ROOM, room="r2")
    await house.say("a human please", room=other, sender="moritz")
    await write(house, "Hello, Max.")
    assert "Hello, Max." not in house.told(other)
