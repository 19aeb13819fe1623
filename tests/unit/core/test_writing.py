"""Written answers: checked, paid for, within their bounds, and told once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.message import Sources
from bot.domain.writing import Allowance, Sentence, Spent, Usage
from tests.fakes.writer import FakeWriter
from tests.unit.core.house import PAYING, RETURNS, House, line
from tests.unit.core.test_composing import accepted_without_composing, answers, streaming
from tests.unit.core.test_dialogue import Polyglot

GOOD = "Return it by post."


def told_by(house: House) -> list[tuple[Spent, str]]:
    """What the house's composing tells the metrics from now on."""
    told: list[tuple[Spent, str]] = []
    assert house.composing is not None
    house.composing._told = lambda spent, result, _seconds: told.append((spent, result))
    return told


@pytest.mark.parametrize(
    ("bad", "result"),
    [
        ("Return it within 99 days.", "flaw_number"),
        ("Return it by post at https://evil.example.", "flaw_link"),
        ("Return it by post with Hermes.", "flaw_name"),
        (Sentence(text="Return it by post.", cites=("gone",)), "flaw_citation"),
        (Sentence(text="Return it by post.", cites=()), "flaw_citation"),
    ],
)
async def test_one_invented_sentence_and_the_approved_text_is_said(bad, result):
    writer = FakeWriter(GOOD, bad, GOOD)
    house = streaming(writer)
    told = told_by(house)
    await house.say(RETURNS.question)
    assert house.told()[1:] == [RETURNS.answer]
    (draft,) = house.channel.drafts
    assert draft.sentences == [GOOD]
    assert [result for _, result in told] == [result]
    assert told[0][0].ended == "approved"
    assert writer.ended == 1


async def test_an_answer_without_end_is_not_said():
    house = House(writer=FakeWriter(*[GOOD] * 400))
    told = told_by(house)
    await house.say(RETURNS.question)
    assert house.told()[-1] == RETURNS.answer
    assert told[0][1] == "flaw_long"


async def test_hidden_signs_are_not_sent():
    house = House(writer=FakeWriter("Return it\u202e by\u200b post."))
    await house.say(RETURNS.question)
    assert house.told()[-1] == GOOD


async def test_several_sources_are_numbered_in_the_text():
    by_two = (
        Sentence(text="Pay by card.", cites=("paying",)),
        Sentence(text=GOOD, cites=("returns", "paying")),
    )
    house = House(writer=FakeWriter(*by_two))
    house.library.decisions["pay or return"] = "answer"
    await house.say("pay or return")
    assert house.told()[-1] == "Pay by card. [1] Return it by post. [2] [1]"
    (sources,) = [p for p in house.channel.shown[-1].parts if isinstance(p, Sources)]
    assert [item.article for item in sources.items] == ["paying", "returns"]


async def test_the_cost_of_a_turn_is_kept_without_words():
    used = Usage(model="m", tokens_in=120, tokens_out=30, micros=450)
    house = House(writer=FakeWriter(GOOD, usage=used))
    await house.say(RETURNS.question)
    (spent,) = house.truth.world.costs.values()
    assert (spent.line, spent.ended, spent.usage) == ("shop", "written", used)
    assert spent.at == house.clock.now()


async def test_the_cost_of_what_was_thrown_away_is_kept_too():
    house = House(writer=FakeWriter("Return it within 99 days."))
    await house.say(RETURNS.question)
    await house.say(RETURNS.question)
    assert [one.ended for one in house.truth.world.costs.values()] == ["approved"] * 2


@pytest.mark.parametrize("allowance", [Allowance(tokens=100), Allowance(micros=50)])
async def test_a_day_that_has_cost_enough_goes_on_with_approved_texts(allowance):
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    assert house.composing is not None
    house.composing._allowance = allowance
    told = told_by(house)
    await house.say(RETURNS.question)
    await house.say(RETURNS.question)
    assert answers(house) == [GOOD, RETURNS.answer]
    assert len(writer.briefs) == 1
    house.clock.advance(timedelta(days=1))
    await house.say(RETURNS.question)
    assert answers(house)[-1] == GOOD
    assert [result for _, result in told] == ["written", "allowance", "written"]


async def test_who_has_waited_too_long_for_a_place_gets_the_approved_text():
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    await accepted_without_composing(house)
    house.clock.advance(timedelta(seconds=21))
    await house.run()
    assert answers(house) == [RETURNS.answer]
    assert writer.briefs == []


async def test_a_process_without_a_writer_ends_what_another_has_left():
    house = House(writer=FakeWriter(GOOD))
    await accepted_without_composing(house)
    assert house.composing is not None
    house.composing._writer = None
    await house.run()
    assert answers(house) == [RETURNS.answer]
    assert house.truth.world.composes == {}


async def test_what_is_approved_word_for_word_is_never_written():
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    house.library.put("shop", replace(RETURNS, verbatim_only=True), PAYING)
    await house.say(RETURNS.question)
    assert writer.briefs == []
    assert house.told()[-1] == RETURNS.answer
    assert house.decisions() == ["answer"]


async def test_an_article_marked_meanwhile_is_not_written_either():
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    await accepted_without_composing(house)
    house.library.put("shop", replace(RETURNS, verbatim_only=True), PAYING)
    await house.run()
    assert writer.briefs == []
    assert house.told()[-1] == RETURNS.answer


async def test_a_marked_article_among_others_is_kept_from_the_writer():
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    house.library.put("shop", RETURNS, replace(PAYING, verbatim_only=True))
    house.library.decisions["return or how can I pay"] = "answer"
    await house.say("do I return something or pay")
    house.library.decisions["how do I return or pay"] = "answer"
    await house.say("how do I return or pay")
    assert [p.article for p in writer.briefs[-1].passages] == ["returns"]


@pytest.mark.parametrize(
    ("language", "asked"), [("de-AT", 1), ("fr", 1), ("es", 1), ("it", 0), ("pt-BR", 0), ("ru", 0)]
)
async def test_only_in_a_language_whose_numbers_we_can_read(language: str, asked: int):
    writer = FakeWriter("Return post.")
    house = House(writer=writer, reader=Polyglot(how_do_i_return_something=language))
    await house.say(RETURNS.question)
    assert len(writer.briefs) == asked


async def test_a_question_in_a_script_that_is_not_ours_is_answered_with_the_approved_text():
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    asked = "Как вернуть посылку"
    house.library.put("shop", replace(RETURNS, question=asked), PAYING)
    await house.say(asked)
    assert writer.briefs == []
    assert house.told()[-1] == RETURNS.answer


async def test_a_job_in_a_language_that_cannot_be_checked_is_not_written():
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    await accepted_without_composing(house)
    composes = house.truth.world.composes
    (job,) = composes
    composes[job] = replace(composes[job], language="it")
    told = told_by(house)
    await house.run()
    assert (writer.briefs, [result for _, result in told]) == ([], ["language"])
    assert house.told()[-1].endswith(RETURNS.answer)


async def test_a_line_may_do_without():
    writer = FakeWriter(GOOD)
    house = House(line(writes=False), writer=writer)
    await house.say(RETURNS.question)
    assert writer.briefs == []
    assert house.told()[-1] == RETURNS.answer


async def test_notes_of_colleagues_are_not_shown_to_a_writer():
    writer = FakeWriter(GOOD)
    house = House(writer=writer)
    await house.say(RETURNS.question)
    assert {entry.kind for entry in writer.briefs[0].history} == {"said"}


async def test_the_wait_counts_from_the_question():
    go = asyncio.Event()
    writer = FakeWriter(GOOD, go)
    house = House(writer=writer)
    waits: list[float] = []
    assert house.composing is not None
    house.composing._told = lambda _spent, _result, seconds: waits.append(seconds)
    async with asyncio.TaskGroup() as group:
        group.create_task(house.say(RETURNS.question))
        await writer.started.wait()
        house.clock.advance(timedelta(seconds=3))
        go.set()
    assert waits == [3.0]
