"""The press lane: who may do what, told once, and the same after a press is repeated."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.core.words import ENGLISH
from bot.domain.contact import Person
from bot.domain.errors import BadRequest, Conflict, TransitionRefused
from bot.domain.transitions import Act
from tests.fakes.store import FakeTransaction
from tests.unit.core.house import ADA, BEN, EVE, RETURNS, House


async def waiting() -> House:
    house = House()
    await house.say("human please")
    return house


async def act(house: House, act: Act, by: Person) -> None:
    await house.desk.act(house.handoff, act, by)
    await house.run()


async def code(house: House, act: Act, by: Person) -> tuple[str, str | None]:
    with pytest.raises(TransitionRefused) as refused:
        await house.desk.act(house.handoff, act, by)
    return refused.value.code, refused.value.holder_name


async def test_claim_take_over_release_hand_back_resolve():
    house = await waiting()
    told: list[str] = []
    for by, what, holder in (
        (ADA, "claim", "human"),
        (BEN, "take_over", "human"),
        (BEN, "release", "waiting"),
        (ADA, "claim", "human"),
        (ADA, "hand_back", "bot"),
    ):
        version = house.conversation().version
        await act(house, what, by)  # type: ignore[arg-type]  # the names of acts
        assert (house.conversation().holder, house.conversation().version) == (holder, version + 1)
        told.append(house.told()[-1])
    assert told == [
        ENGLISH["claimed"].format(name="Ada"),
        ENGLISH["taken_over"].format(name="Ben"),
        ENGLISH["released"],
        ENGLISH["claimed"].format(name="Ada"),
        ENGLISH["handed_back"].format(name="Ada"),
    ]
    await house.say("human again")
    await act(house, "claim", ADA)
    await act(house, "resolve", ADA)
    assert house.told()[-2] == ENGLISH["resolved"].format(name="Ada")
    assert house.conversation().closed_at == house.clock.now()


async def test_claiming_ones_own_twice_is_one_claim():
    house = await waiting()
    await act(house, "claim", ADA)
    version, said = house.conversation().version, len(house.told())
    again = await house.desk.act(house.handoff, "claim", ADA)
    await house.run()
    assert (again.version, len(house.told())) == (version, said)


async def test_the_second_claimer_learns_who_has_it():
    house = await waiting()
    results = await asyncio.gather(
        *(house.desk.act(house.handoff, "claim", by) for by in (ADA, BEN)), return_exceptions=True
    )
    (lost,) = [r for r in results if isinstance(r, TransitionRefused)]
    assert (lost.code, lost.holder_name) == ("taken", "Ada")
    await house.run()
    joined = [words for words in house.told() if "has joined" in words]
    assert joined == [ENGLISH["claimed"].format(name="Ada")]


async def test_refusals_say_why():
    house = await waiting()
    assert await code(house, "release", ADA) == ("not_claimed", None)
    assert await code(house, "take_over", ADA) == ("not_claimed", None)
    await act(house, "claim", ADA)
    for owners in ("release", "hand_back", "resolve"):
        assert await code(house, owners, BEN) == ("not_yours", "Ada")
    assert await code(house, "take_over", ADA) == ("already_yours", "Ada")
    await act(house, "resolve", ADA)
    assert await code(house, "resolve", ADA) == ("closed", None)
    assert await code(house, "claim", BEN) == ("closed", None)


async def test_people_act_on_their_own_lines_only():
    house = await waiting()
    assert await code(house, "claim", EVE) == ("unknown", None)
    with pytest.raises(TransitionRefused, match="unknown"):
        await house.desk.act("no such handoff", "claim", ADA)
    with pytest.raises(TransitionRefused, match="unknown"):
        await house.desk.note(house.handoff, EVE, "psst", "n1")


@pytest.mark.parametrize("what", ["hand_over", "exhaust", "cancel", "end", "reopen", "fault"])
async def test_staff_cannot_do_what_is_not_theirs(what: Act):
    house = await waiting()
    with pytest.raises(BadRequest):
        await house.desk.act(house.handoff, what, ADA)


async def test_only_the_claimer_replies_and_each_reply_once():
    house = await waiting()
    with pytest.raises(TransitionRefused, match="not_claimed"):
        await house.desk.reply(house.handoff, ADA, "Hello", "k1")
    await act(house, "claim", ADA)
    with pytest.raises(TransitionRefused, match="not_yours") as refused:
        await house.desk.reply(house.handoff, BEN, "Hello", "k1")
    assert refused.value.holder_name == "Ada"
    for _ in range(2):
        await house.desk.reply(house.handoff, ADA, " Hello ", "k1")
        await house.run()
    assert house.told()[-2:] == [ENGLISH["claimed"].format(name="Ada"), "Hello"]
    row = house.channel.shown[-1]
    assert (row.author, row.author_name) == ("staff", "Ada")
    assert [e.author for e in house.transcript()].count("staff") == 1
    await act(house, "resolve", ADA)
    with pytest.raises(TransitionRefused, match="closed"):
        await house.desk.reply(house.handoff, ADA, "One more thing", "k2")


async def test_two_people_may_use_the_same_key():
    house = await waiting()
    await act(house, "claim", ADA)
    await house.desk.reply(house.handoff, ADA, "Hello from Ada", "k1")
    await act(house, "take_over", BEN)
    await house.desk.reply(house.handoff, BEN, "Hello from Ben", "k1")
    await house.run()
    assert [w for w in house.told() if "Hello from" in w] == ["Hello from Ada", "Hello from Ben"]


async def test_a_reply_committed_before_a_release_is_still_sent():
    house = await waiting()
    await act(house, "claim", ADA)
    await house.desk.reply(house.handoff, ADA, "Wait a second", "k1")
    await house.desk.act(house.handoff, "release", ADA)
    await house.run()
    assert house.told()[-2:] == ["Wait a second", ENGLISH["released"]]


async def test_notes_are_for_staff():
    house = await waiting()
    said = len(house.channel.shown)
    for _ in range(2):
        await house.desk.note(house.handoff, BEN, "Knows the way", "n1")
        await house.run()
    notes = [e for e in house.transcript() if e.kind == "note"]
    assert [(e.author, e.name) for e in notes] == [("staff", "Ben")]
    assert len(house.channel.shown) == said


@pytest.mark.parametrize("words", ["", "  \n", "x" * 4001])
async def test_words_that_cannot_be_sent(words: str):
    house = await waiting()
    await act(house, "claim", ADA)
    for do in (house.desk.reply, house.desk.note):
        with pytest.raises(BadRequest):
            await do(house.handoff, ADA, words, "k1")


async def test_the_context_starts_after_everything_that_ended_with_the_talk():
    house = await waiting()
    await act(house, "claim", ADA)
    await house.desk.reply(house.handoff, ADA, "All done", "k1")
    await act(house, "resolve", ADA)
    held = house.conversation()
    async with house.truth.transaction() as transaction:
        assert await transaction.transcript.read(held.id, after=held.boundary) == ()


async def test_staff_can_finish_when_the_line_has_left_the_settings():
    house = await waiting()
    house.lines._lines.clear()
    await act(house, "claim", ADA)
    await house.say("are you there?")
    await house.desk.reply(house.handoff, ADA, "I am", "k1")
    await act(house, "resolve", ADA)
    assert house.decisions()[-1] == "relayed"
    assert "I am" in house.told()


async def test_a_lost_race_is_decided_again():
    house = await waiting()
    truth = house.truth

    class Racing:
        left = 2

        @asynccontextmanager
        async def transaction(self) -> AsyncIterator[FakeTransaction]:
            async with truth.transaction() as transaction:
                yield transaction
                self.left -= 1
                if self.left >= 0:
                    raise Conflict("somebody was faster")

    store = Racing()
    house.desk._store = store  # type: ignore[assignment]  # it needs one verb
    await house.desk.act(house.handoff, "claim", ADA)
    assert house.conversation().holder == "human"
    store.left = 10
    with pytest.raises(Conflict):
        await house.desk.act(house.handoff, "release", ADA)


async def test_the_bot_is_silent_from_the_claim_on():
    house = House()
    await house.say(RETURNS.question)
    await house.say("human please")
    await house.event(kind="message")
    await act(house, "claim", ADA)
    bots = [row for row in house.channel.shown if row.author == "bot"]
    await house.say(RETURNS.question)
    assert [row for row in house.channel.shown if row.author == "bot"] == bots
