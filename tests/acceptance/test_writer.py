"""The whole program with a language model: written answers, and right ones whatever it does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter

import httpx
import psycopg
import pytest

from tests.doubles.model_server import Fault, ModelServer, model_server
from tests.support.desk import desk
from tests.support.house import House, open_house
from tests.support.program import Program
from tests.support.visitor import Visitor, visitor

pytestmark = pytest.mark.acceptance

QUESTION = "How long does delivery take?"
APPROVED = "Made-to-order and pre-order items take longer"
GOOD = (
    ("Standard delivery takes 2 to 4 working days.", "a1"),
    ("Parcels are delivered Monday to Saturday, never on Sundays.", "a1"),
)
WRITTEN = " ".join(text for text, _ in GOOD)
KEY = "sk-canary-in-the-environment"
BUDGET_S = 4
GRACE_S = 2
AT_ONCE = 50


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@asynccontextmanager
async def running(
    house: House, name: str, **env: str
) -> AsyncIterator[tuple[Program, ModelServer]]:
    """The program with a model's service beside it. The line `it` does without."""
    async with model_server() as model:
        model.say(*GOOD)
        given = {
            "CARELINE_WRITER__PROVIDER": "openai",
            "CARELINE_WRITER__MODEL": "test-model",
            "CARELINE_WRITER__BASE_URL": f"{model.base}/v1",
            "CARELINE_WRITER__PRICE_IN": "2.5",
            "CARELINE_WRITER__PRICE_OUT": "10",
            "CARELINE_WORK__COMPOSE_SECONDS": str(BUDGET_S),
            "CARELINE_LINES__IT__TITLE": "the IT help desk",
            "CARELINE_LINES__IT__KB": "it-helpdesk",
            "CARELINE_LINES__IT__WRITER": "false",
            "CARELINE_LINES__SHOP__TITLE": "the shop",
            "CARELINE_LINES__SHOP__KB": "shop",
            "CARELINE_LOG__LEVEL": "debug",
            "CARELINE_CHAT__LINE": "shop",
            "OPENAI_API_KEY": KEY,
        }
        program = house.program(env=given | env, name=name)
        await asyncio.to_thread(program.start)
        try:
            yield program, model
        finally:
            await asyncio.to_thread(program.stop)


def answers(who: Visitor) -> list[str]:
    return [body["text"] for body in who.shown if body["author"] == "bot"]


async def asks(who: Visitor) -> str:
    """The one answer to the question."""
    before = len(answers(who))
    await who.say(QUESTION)
    await who.until(lambda _: len(answers(who)) > before)
    return answers(who)[-1]


async def test_an_answer_is_written_streamed_sourced_and_paid_for(house: House):
    async with running(house, "written") as (program, model), visitor(program.base) as who:
        assert await asks(who) == WRITTEN
        (shown,) = [body for body in who.shown if body["author"] == "bot"]
        assert [source["title"] for source in shown["sources"]] == [QUESTION]
        drafted = [body["sentence"] for kind, body in who.passing if kind == "draft"]
        assert drafted == [text for text, _ in GOOD]
        async with httpx.AsyncClient() as http:
            metrics = (await http.get(f"{program.base}/metrics")).text
        assert 'careline_writer_turns_total{line="shop",result="written"} 1.0' in metrics
        assert 'careline_writer_cost_micros_total{line="shop"} 600.0' in metrics
        with psycopg.connect(house.postgres.url) as connection:
            rows = connection.execute("SELECT line, ended, model, micros FROM costs").fetchall()
        assert rows == [("shop", "written", "test-model", 600)]
        checked = await asyncio.to_thread(program.command, "check")
        assert "writer" not in checked.stdout + checked.stderr
        assert model.headers[0]["authorization"] == f"Bearer {KEY}"
        model.faults = [401]
        checked = await asyncio.to_thread(program.command, "check")
        assert "writer.api_key: the key is not accepted" in checked.stdout + checked.stderr


FAULTS: list[Fault] = [
    429,
    500,
    "dropped",
    "malformed",
    "cut",
    "empty",
    "text",
    "stalled",
    "silent",
]


async def test_whatever_it_does_the_customer_is_answered_once_and_in_time(house: House):
    async with running(house, "faults") as (program, model), AsyncExitStack() as stack:
        for fault in FAULTS:
            who = await stack.enter_async_context(visitor(program.base))
            model.faults = [fault]
            began = perf_counter()
            answer = await asks(who)
            assert perf_counter() - began <= BUDGET_S + GRACE_S, fault
            assert (APPROVED in answer) == (fault != "text"), fault
            ended = [body["followed"] for kind, body in who.passing if kind == "draft_end"]
            assert ended in ([True], []), fault
        for invented in ("It takes 9 days.", "See https://evil.example for delivery.", "Obey Eve!"):
            who = await stack.enter_async_context(visitor(program.base))
            model.say(GOOD[0], (invented, "a1"))
            assert APPROVED in await asks(who)
        said = program.said()
        for secret in (KEY, "secret words", "evil.example", QUESTION, "working days"):
            assert secret not in said
        assert "writer_failed" in said
        assert "sentence_refused" in said


async def test_a_person_who_claims_meanwhile_is_not_talked_over(house: House):
    async with (
        running(house, "claimed") as (program, model),
        visitor(program.base) as who,
        desk(await _link(program)) as staff,
    ):
        model.faults = ["held"]
        await who.say(QUESTION)
        async with asyncio.timeout(10):
            await model.called(1)
        await who.say("can I talk to someone")
        row = await staff.waiting(QUESTION)
        assert (await staff.act(str(row["id"]), "claim"))[0] == 200
        model.gate.set()
        await staff.act(str(row["id"]), "reply", {"text": "Here I am."})
        await who.hears("Here I am.", author="staff")
        await asyncio.sleep(BUDGET_S)  # whatever might come late has come
        assert answers(who) == []


async def _link(program: Program) -> str:
    await asyncio.to_thread(program.command, "staff", "add", "ada", "--name", "Ada")
    made = await asyncio.to_thread(program.command, "staff", "link", "ada")
    return f"{program.base}/desk/login?token={made.stdout.split('token=')[1].strip()}"


async def test_slow_thinking_takes_no_place_of_those_who_need_none(house: House):
    """All think slots held by a model that says nothing: others are answered, then so are they."""
    env = {"CARELINE_WORK__CONCURRENCY": "2", "CARELINE_WORK__COMPOSE_SECONDS": "60"}
    async with running(house, "busy", **env) as (program, model), AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(visitor(program.base)) for _ in range(AT_ONCE)]
        quick = await stack.enter_async_context(visitor(program.base, "it"))
        model.faults = ["held"] * AT_ONCE
        for who in slow:
            await who.say(QUESTION)
        async with asyncio.timeout(20):
            await model.called(AT_ONCE)
        for _ in range(5):
            assert APPROVED in await asks(quick)
        assert [answers(who) for who in slow] == [[]] * AT_ONCE
        model.gate.set()
        for who in slow:
            await who.hears(WRITTEN, author="bot")
        assert [answers(who) for who in slow] == [[WRITTEN]] * AT_ONCE
        assert len(answers(quick)) == 5
