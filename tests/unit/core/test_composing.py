"""Slow thinking: whatever happens meanwhile, the bot never speaks after a person has come."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from bot.core.words import ENGLISH
from bot.domain.errors import ConnectorError, KnowledgeError, Unavailable
from bot.domain.message import Sources, Text
from bot.domain.ports import Abilities
from bot.work.tasks import compose_one
from tests.fakes.channel import FakeChannel, FakeInsideChannel
from tests.fakes.world import room_of
from tests.fakes.writer import FakeWriter
from tests.unit.core.house import ADA, RETURNS, ROOM, House, line
from tests.unit.core.test_dialogue import Polyglot

STREAMS = Abilities(buttons=True, idempotent=True, streaming=True)
WRITTEN, APPROVED = "Return it by post.", RETURNS.answer
TEXTS = (WRITTEN, APPROVED, ENGLISH["unknown"])


def streaming(writer: FakeWriter) -> House:
    return House(writer=writer, channels=(FakeChannel(abilities=STREAMS),))


def answers(house: House) -> list[str]:
    return [words for words in house.told() if words in TEXTS]


async def test_what_is_written_is_said_with_its_sources():
    writer = FakeWriter("Return it", "by post.")
    house = House(line(persona="helper"), writer=writer)
    await house.say(RETURNS.question)
    assert answers(house) == [WRITTEN]
    (sources,) = [p for p in house.channel.shown[-1].parts if isinstance(p, Sources)]
    assert "returns" in [item.article for item in sources.items]
    (brief,) = writer.briefs
    assert (brief.question, brief.persona, brief.language) == (RETURNS.question, "helper", "en")
    assert brief.passages[0].article == "returns"
    assert [e.author for e in brief.history] == ["customer", "system"]
    assert [state for _, state in house.channel.progressed] == ["thinking", "idle"]
    assert house.truth.world.composes == {}
    assert writer.ended == 1


@pytest.mark.parametrize(
    "script",
    [
        (),
        ("  ",),
        (ConnectorError("away"),),
        ("Return", ConnectorError("away")),
        ("Return", ValueError("a foreign one")),
        (TimeoutError(),),
    ],
)
async def test_however_the_writer_fails_the_approved_text_is_said(script):
    writer = FakeWriter(*script)
    house = streaming(writer)
    await house.say(RETURNS.question)
    assert answers(house) == [APPROVED]
    assert [d.ended for d in house.channel.drafts] == ["finished"]
    assert house.channel.progressed[-1][1] == "idle"
    assert writer.ended == 1


async def test_a_writer_that_takes_too_long_is_stopped():
    never = asyncio.Event()
    writer = FakeWriter("Return", never)
    house = House(writer=writer)
    assert house.composing is not None
    house.composing._budget = timedelta(seconds=0.01)
    await house.say(RETURNS.question)
    assert answers(house) == [APPROVED]
    assert writer.ended == 1


@pytest.mark.parametrize("error", [KnowledgeError("gone"), None])
async def test_articles_that_have_gone_meanwhile_are_admitted(error):
    house = House(writer=FakeWriter("Made up."))

    async def article(_kb, _article, _line=None):
        if error:
            raise error

    house.library.article = article  # type: ignore[method-assign]  # it changes meanwhile
    await house.say(RETURNS.question)
    assert answers(house) == [ENGLISH["unknown"]]


async def test_sentences_are_shown_as_they_come():
    house = streaming(FakeWriter("Return it", "by post."))
    await house.say(RETURNS.question)
    (draft,) = house.channel.drafts
    assert (draft.sentences, draft.ended) == (["Return it", "by post."], "finished")


async def test_the_holder_moving_midway_stops_the_writing():
    writer = FakeWriter("Return it", "by post.", "And more.")
    house = streaming(writer)
    held = iter([True, False, False])
    house.channel.holds = lambda: next(held)
    await house.say(RETURNS.question)
    (draft,) = house.channel.drafts
    assert (draft.sentences, draft.ended) == (["Return it"], "abandoned")
    assert answers(house) == []
    assert writer.ended == 1
    assert house.truth.world.composes == {}


async def test_a_job_of_an_older_version_is_not_even_begun():
    writer = FakeWriter(WRITTEN)
    house = House(writer=writer)
    await accepted_without_composing(house)
    house.truth.jobs.clear()
    await house.press("person")
    house.sweep()
    await house.run()
    assert writer.briefs == []
    assert house.truth.world.composes == {}


async def test_a_result_that_comes_too_late_is_dropped():
    go = asyncio.Event()
    writer = FakeWriter(WRITTEN, go)
    house = House(writer=writer)
    async with asyncio.TaskGroup() as group:
        group.create_task(house.say(RETURNS.question))
        await writer.started.wait()
        await house.press("person")
        go.set()
    assert answers(house) == []
    assert house.conversation().holder == "waiting"
    assert house.truth.world.composes == {}


async def test_a_result_for_the_conversation_before_is_none_for_this_one():
    go = asyncio.Event()
    writer = FakeWriter(WRITTEN, go)
    house = House(line(reopen_window=timedelta()), writer=writer)
    async with asyncio.TaskGroup() as group:
        group.create_task(house.say(RETURNS.question))
        await writer.started.wait()
        await house.press("person")
        await house.desk.act(house.handoff, "claim", ADA)
        await house.desk.act(house.handoff, "resolve", ADA)
        house.clock.advance(timedelta(seconds=1))
        await house.say("xyzzy")
        go.set()
    assert answers(house) == [ENGLISH["unknown"]]
    assert house.decisions() == ["unknown"]


async def test_a_job_done_twice_is_one_answer():
    house = House(writer=FakeWriter(WRITTEN))
    await accepted_without_composing(house)
    (job,) = [j for j in house.truth.jobs if j.kind == "compose"]
    assert house.composing is not None
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(house.composing.compose(job.ref))
    await house.run()
    await house.composing.compose(job.ref)
    await house.run()
    assert answers(house) == [WRITTEN]


async def begun_while_the_database_goes_away(house: House, gate: asyncio.Event) -> str:
    """A job whose writing came to its end, and could not be stored; its id."""
    await accepted_without_composing(house)
    (job,) = [j for j in house.truth.jobs if j.kind == "compose"]
    assert house.composing is not None
    writer = house.composing._writer
    assert isinstance(writer, FakeWriter)
    trying = asyncio.ensure_future(house.composing.compose(job.ref))
    await writer.started.wait()
    house.truth.away = True
    gate.set()
    with pytest.raises(Unavailable):
        await trying
    house.truth.away = False
    assert len(house.truth.world.composes) == 1
    return job.ref


async def test_what_could_not_be_stored_is_not_written_again():
    gate = asyncio.Event()
    writer = FakeWriter("Return it", gate, "by post.")
    house = House(writer=writer)
    await begun_while_the_database_goes_away(house, gate)
    await house.run()
    assert answers(house) == [WRITTEN]
    assert len(writer.briefs) == 1
    assert [one.usage for one in house.truth.world.costs.values()] == [writer.usage]
    assert house.composing is not None
    assert len(house.composing._unkept) == 0


@pytest.mark.parametrize("how", ["moved", "given up", "article gone"])
async def test_what_was_used_is_counted_however_it_ends(how: str):
    gate = asyncio.Event()
    writer = FakeWriter("Return it", gate, "by post.")
    house = House(writer=writer)
    ref = await begun_while_the_database_goes_away(house, gate)
    assert house.composing is not None
    if how == "moved":
        await house.press("person")
    elif how == "given up":
        await house.composing.give_up(ref)
    else:
        house.library.put("shop")
    await house.run()
    assert WRITTEN not in answers(house)
    assert len(writer.briefs) == 1
    assert [one.usage for one in house.truth.world.costs.values()] == [writer.usage]


@pytest.mark.parametrize("how", ["composed", "given up"])
async def test_what_was_used_is_counted_where_another_process_was_faster(how: str):
    gate = asyncio.Event()
    writer = FakeWriter("Return it", gate, "by post.")
    house = House(writer=writer)
    ref = await begun_while_the_database_goes_away(house, gate)
    async with house.store.transaction() as transaction:
        await transaction.composing.done(ref)
    assert house.composing is not None
    again = house.composing.compose if how == "composed" else house.composing.give_up
    house.truth.away = True
    with pytest.raises(Unavailable):
        await again(ref)
    house.truth.away = False
    for _ in range(2):
        await again(ref)
    assert [one.usage for one in house.truth.world.costs.values()] == [writer.usage]
    assert len(house.composing._unkept) == 0


async def test_a_draft_that_fails_does_not_end_the_writing():
    writer = FakeWriter("Return it", "by post.")
    house = streaming(writer)

    def holds() -> bool:
        raise Unavailable("away")

    house.channel.holds = holds
    await house.say(RETURNS.question)
    assert answers(house) == [WRITTEN]
    assert len(writer.briefs) == 1


async def test_no_draft_is_no_reason_not_to_write():
    house = streaming(FakeWriter(WRITTEN))

    async def draft(*_args: object, **_named: object) -> None:
        raise Unavailable("away")

    house.channel.draft = draft  # type: ignore[method-assign]  # it fails
    await house.say(RETURNS.question)
    assert answers(house) == [WRITTEN]


async def test_the_approved_text_comes_with_the_same_words_as_without_a_writer():
    french = Polyglot(how_do_i_return_something="fr")
    plain, failing = House(reader=french), House(reader=french, writer=FakeWriter())
    for house in (plain, failing):
        await house.say(RETURNS.question)
    assert failing.told()[-1] == plain.told()[-1]
    assert failing.told()[-1] == f"{ENGLISH['other_language'].format(tongue='English')}\n{APPROVED}"


async def test_a_channel_or_a_line_that_has_gone():
    house = House(writer=FakeWriter(WRITTEN))
    await accepted_without_composing(house)
    house.channels.clear()
    house.lines._lines.clear()
    await house.run()
    assert house.decisions() == ["composing"]
    assert house.states() == ["sent", "refused"]
    assert house.truth.world.composes == {}


async def accepted_without_composing(house: House) -> None:
    """A question whose compose job is there and not begun."""
    composing, house.composing = house.composing, None
    await house.say(RETURNS.question)
    house.composing = composing
    world = house.truth.world
    house.truth.jobs.clear()
    house.sweep()
    assert len(world.composes) == 1


async def yields(times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(0)


def bots(house: House) -> list[str]:
    """Everything of the bot's that has gone out, or begun to."""
    by_bot = {key for key, row in house.truth.world.outbox.items() if row.outbound.author == "bot"}
    sent = [row.key for row in house.channel.started if row.author == "bot"]
    drafted = [sentence for draft in house.channel.drafts for sentence in draft.sentences]
    return sent + [key for key in house.truth.world.feed if key in by_bot] + drafted


class Race:
    """Questions, slow answers, a worker and a claim, each at its own random pace."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.gates = [asyncio.Event() for _ in range(3)]
        writer = FakeWriter(
            "By post.", self.gates[0], "Post it.", self.gates[1], "Return it.", self.gates[2]
        )
        inside = chance.random() < 0.5
        self.place = replace(ROOM, channel="web") if inside else ROOM
        channel = FakeInsideChannel() if inside else FakeChannel(abilities=STREAMS)
        given = line(answers_while_waiting=True)
        self.house = House(given, writer=writer, channels=(channel,))
        channel.holds = lambda: self.house.conversation(self.place).version == 1
        self.at_claim: list[str] | None = None

    async def claim(self) -> None:
        await yields(self.chance.randrange(60))
        await self.house.say("human please", room=self.place)
        await yields(self.chance.randrange(30))
        handoff = self.house.conversation(self.place).handoff
        assert handoff is not None
        await self.house.desk.act(handoff.id, "claim", ADA)
        self.at_claim = bots(self.house)

    async def ask(self) -> None:
        for _ in range(3):
            await self.house.say(RETURNS.question, room=self.place)
            await yields(self.chance.randrange(20))

    async def open_gates(self) -> None:
        for gate in self.gates:
            await yields(self.chance.randrange(40))
            gate.set()

    async def work(self) -> None:
        for _ in range(150):
            await self.house.run()
            await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(200))
async def test_no_words_of_the_bot_are_sent_after_the_claim(seed: int):
    race = Race(Random(seed))  # noqa: S311  a test's dice
    async with asyncio.TaskGroup() as group:
        for task in (race.claim(), race.ask(), race.open_gates(), race.work()):
            group.create_task(task)
    await race.house.run()
    assert race.house.conversation(race.place).holder == "human"
    assert bots(race.house) == race.at_claim
    assert race.house.truth.world.composes == {}
    assert {e.state for e in race.house.truth.world.events.values()} == {"done"}


async def test_the_races_are_real():
    """Some claims come before, some amid and some after what the bot has to say."""
    counts = set()
    for seed in range(40):
        race = Race(Random(seed))  # noqa: S311  a test's dice
        async with asyncio.TaskGroup() as group:
            for task in (race.claim(), race.ask(), race.open_gates(), race.work()):
                group.create_task(task)
        counts.add(len(race.at_claim or ()))
    assert {0} < counts
    assert len(counts) > 3


async def test_a_job_that_fails_whatever_is_done_is_ended_with_an_honest_word():
    house = streaming(FakeWriter("By", "mail."))
    assert house.composing is not None

    async def fails(_kb: str, _article: str, _line: str | None = None) -> None:
        raise ValueError("somebody's words")

    house.library.article = fails  # type: ignore[method-assign,assignment]  # it fails
    await house.event(Text(text=RETURNS.question))
    await house.handle(room_of(ROOM))
    (job,) = [one for one in house.truth.jobs if one.kind == "compose"]
    house.truth.jobs.clear()
    await compose_one(house.composing, job.ref)
    assert house.truth.world.composes == {}
    await house.run()
    assert answers(house) == [ENGLISH["unknown"]]
