"""Sending: in order, patient, once, and never a bot's words after a person has come."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import delivery
from bot.core.commit import Commit
from bot.core.words import ENGLISH
from bot.domain.conversation import Conversation, Outcome
from bot.domain.errors import Conflict, Refused, TryLater, Unavailable
from bot.domain.message import Address, Author, Outbound, Text
from tests.fakes.clock import START
from tests.fakes.world import room_of
from tests.unit.core.house import ROOM, House

INSIDE = replace(ROOM, channel="web")
LATER = TryLater(timedelta(seconds=30))


def row(key: str, room: Address = ROOM, author: Author = "bot", version: int = 1) -> Outbound:
    return Outbound(
        key=key,
        address=room,
        parts=(Text(text=key),),
        author=author,
        trace="t",
        holder_version=version,
    )


async def queued(*rows: Outbound, room: Address = ROOM) -> House:
    house = House()
    async with house.truth.transaction() as transaction:
        held = Conversation(id="c1", line="shop", address=room, opened_at=START, revision=1)
        await transaction.conversations.add(held)
        await transaction.outbox.add("c1", rows)
    return house


async def deliver(house: House, room: Address = ROOM) -> int:
    return await house.delivery.deliver(room_of(room))


async def test_rows_go_out_in_order_and_are_settled():
    house = await queued(row("a"), row("b", author="system"), row("c"))
    assert await deliver(house) == 3
    assert house.told() == ["a", "b", "c"]
    assert house.states() == ["sent"] * 3
    receipts = [m.receipt for m in house.truth.world.outbox.values()]
    assert [r and r.message_id for r in receipts] == ["m1", "m2", "m3"]
    assert await deliver(house) == 0


async def test_a_platform_that_asks_for_patience_holds_the_room_and_no_other():
    other = replace(ROOM, room="r2")
    house = await queued(row("a"), row("b"), row("c", other))
    house.channel.fail(LATER)
    assert await deliver(house) == 0
    assert await deliver(house) == 0
    assert await deliver(house, other) == 1
    assert [r.key for r in house.channel.started] == ["a", "c"]
    house.clock.advance(timedelta(seconds=30))
    assert await deliver(house) == 2
    assert house.told() == ["a", "b"]


async def test_a_refused_row_is_settled_and_staff_read_it():
    house = await queued(row("a"), row("b"))
    house.channel.fail(Refused("blocked by the customer"))
    assert await deliver(house) == 2
    assert house.states() == ["refused", "sent"]
    ((_, note),) = house.truth.world.entries.values()
    assert note.kind == "note"
    assert note.parts == (Text(text="Not delivered (fake, blocked by the customer): a"),)
    assert note.fault == "blocked by the customer"


async def test_an_unknown_channel_is_refused():
    nowhere = Address(channel="pigeon", account="shop", room="r1")
    house = await queued(row("a", nowhere))
    assert await deliver(house, nowhere) == 1
    assert house.states() == ["refused"]


async def test_stale_words_of_the_bot_are_dropped_and_withdrawn():
    house = await queued(row("old"), row("fixed", author="system"), row("mine", author="staff"))
    held = house.truth.world.conversations["c1"]
    house.truth.world.conversations["c1"] = replace(held, version=2)
    assert await deliver(house) == 2
    assert house.told() == ["fixed", "mine"]
    assert house.states() == ["dropped", "sent", "sent"]
    assert house.truth.world.withdrawn == {"old": True}


async def test_patience_grows_and_ends():
    house = await queued(row("a"), row("b"))
    house.channel.fail(TryLater(timedelta(seconds=1)), times=delivery.MAX_TRIES)
    waits = []
    while house.states()[0] == "unsent":
        await deliver(house)
        due = house.truth.world.outbox["a"].due_at
        waits.append((due - house.clock.now()).total_seconds())
        house.clock.advance(max(due - house.clock.now(), timedelta()))
    assert waits[:13] == [1] * 10 + [2, 4, 8]
    assert max(waits) == 300
    assert sum(waits) > 2 * 3600
    assert house.states() == ["refused", "sent"]
    assert len(house.channel.started) == delivery.MAX_TRIES + 1


async def test_a_mistake_of_ours_does_not_block_the_room_for_ever(caplog):
    house = await queued(row("a"), row("b"))
    house.channel.fail(KeyError("somebody's words"), times=2)
    for _ in range(3):
        await deliver(house)
        house.clock.advance(timedelta(seconds=1))
    assert house.told() == ["a", "b"]
    assert [record.getMessage() for record in caplog.records] == ["send_failed"] * 2


async def test_what_is_inside_is_there_with_the_turns_commit():
    house = House()
    counted: list[tuple[str, float]] = []
    house.commits(Commit(house.channels, lambda *of: counted.append(of)))
    await house.event(Text(text="How can I pay"), room=INSIDE)
    await house.handle(room_of(INSIDE))
    assert [json.loads(body.body)["text"] for _, body in house.truth.world.feed.values()] == [
        ENGLISH["greeting"].format(title="the shop"),
        "By card.",
    ]
    assert house.truth.world.outbox == {}
    assert {job.kind for job in house.truth.jobs} == {"handle"}
    assert counted == [("web", 0.0)] * 2


async def test_a_claim_beats_words_of_the_bot_that_are_written_inside():
    house = House()
    await house.say("How can I pay", room=INSIDE)
    held = house.conversation(INSIDE)
    async with house.truth.transaction() as transaction:
        await transaction.conversations.save(replace(held, holder="human", version=2))
    said = Outcome(conversation=held, say=(row("late", INSIDE),))
    with pytest.raises(Conflict):
        async with house.truth.transaction() as transaction:
            await Commit(house.channels).store(transaction, said, now=START, changed=False)
    assert "late" not in house.truth.world.feed


async def test_rows_for_an_inside_channel_left_in_the_outbox_are_sent():
    house = await queued(row("a", INSIDE), row("b", INSIDE), room=INSIDE)
    assert await deliver(house, INSIDE) == 2
    assert [sent.key for sent in house.channels["web"].started] == ["a", "b"]
    assert house.states() == ["sent", "sent"]


async def test_what_was_sent_is_known_as_sent_when_the_database_is_back(monkeypatch):
    monkeypatch.setattr(delivery, "_SETTLE_WAIT_S", 0)
    house = await queued(row("a"))
    send, pauses = house.channel.send, 0

    async def then_away(outbound):
        receipt = await send(outbound)
        house.truth.away = True
        return receipt

    async def sleep(_seconds):
        nonlocal pauses
        pauses += 1
        house.truth.away = pauses < 5

    house.channel.send = then_away  # type: ignore[method-assign]  # it goes away behind our back
    monkeypatch.setattr("bot.core.delivery.asyncio.sleep", sleep)
    assert await deliver(house) == 1
    assert (house.told(), house.states()) == (["a"], ["sent"])


async def test_a_database_that_stays_away_is_given_up_and_the_row_taken_again(monkeypatch):
    async def sleep(_seconds):
        return

    monkeypatch.setattr("bot.core.delivery.asyncio.sleep", sleep)
    house = await queued(row("a"))
    send = house.channel.send

    async def then_away(outbound):
        house.truth.away = True
        return await send(outbound)

    house.channel.send = then_away  # type: ignore[method-assign]  # it goes away behind our back
    with pytest.raises(Unavailable):
        await deliver(house)
    house.truth.away = False
    house.channel.send = send  # type: ignore[method-assign]  # it is back
    assert await deliver(house) == 1
    assert house.told() == ["a"]  # a repeated key is shown once


async def test_a_whole_talk_is_delivered_in_order():
    house = House()
    await house.say("xyzzy")
    await house.say("human please")
    wait = ENGLISH["handed_over"].format(wait="10 minutes")
    assert house.told() == [
        ENGLISH["greeting"].format(title="the shop"),
        ENGLISH["unknown"],
        wait,
    ]


async def test_a_mark_that_has_grown_old_is_made_anew_before_anything_is_sent():
    house = await queued(row("a"))
    moved: list[str] = []

    truth, claim = house.truth, house.delivery._next

    async def frozen(room: str):
        """The process sleeps between the mark and the send, and a person claims meanwhile."""
        found = await claim(room)
        if not moved:
            moved.append("claimed")
            house.clock.advance(timedelta(seconds=7))
            async with truth.transaction() as transaction:
                held = await transaction.conversations.get("c1", lock=True)
                assert held
                await transaction.conversations.save(replace(held, version=2, holder="human"))
        return found

    house.delivery._next = frozen  # type: ignore[method-assign]  # the moment in between
    await deliver(house)
    assert house.told() == []
    assert house.states() == ["dropped"]
