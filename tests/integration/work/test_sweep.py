"""What was left behind gets a job, once; the dead are buried; timers and duplicates count once."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import procrastinate
import pytest

from bot.core.accept import accept
from bot.core.clockwork import Clockwork
from bot.core.commit import Commit
from bot.core.delivery import Delivery
from bot.core.ladder import Climb
from bot.core.lines import Lines
from bot.core.middleware import compose
from bot.core.process import Process
from bot.core.routes import build_router
from bot.core.rules.book import RuleBook
from bot.core.rules.calling import Judge
from bot.core.rules.section import shipped
from bot.domain.conversation import Compose, Conversation, Timer
from bot.domain.handoff import Handoff, Rung
from bot.domain.knowledge import Article
from bot.domain.line import Line
from bot.domain.message import Outbound, Text
from bot.domain.ports import Job
from bot.store.database import Database
from bot.store.postgres import PostgresStore
from bot.work.jobs import TALK
from bot.work.sweep import Heartbeat, Sweep, Timers
from bot.work.tasks import register
from bot.work.worker import run_worker
from tests.conformance.store_words import HOME, NOW, SECOND, conversation, event
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock
from tests.fakes.library import FakeLibrary
from tests.fakes.oncall import FakeOnCall
from tests.fakes.reader import FakeReader
from tests.integration.work.conftest import jobs, rows, tell

pytestmark = pytest.mark.integration

PATIENCE_S = 30
SHOP = Line(name="shop", title="the shop", kb="shop", addresses=("web:shop",))


@pytest.fixture
def sweep(store: PostgresStore, clock: FakeClock) -> Sweep:
    return Sweep(store, clock)


async def _keep_event(store: PostgresStore, key: str = "e1", *, with_job: bool = False) -> str:
    async with store.transaction() as t:
        if with_job:
            await accept(t, event(key))
        else:
            await t.events.add(event(key))
        return t.room(HOME)


async def _keep_row(store: PostgresStore) -> str:
    row = Outbound(key="1:e1", address=HOME, parts=(Text(text="words"),), author="system",
                   holder_version=1, trace="t")  # fmt: skip
    async with store.transaction() as t:
        await t.conversations.add(conversation())
        await t.outbox.add("c1", [row])
        return t.room(HOME)


async def _age(database: Database) -> None:
    await tell(database, "UPDATE events SET received_at = received_at - interval '10 seconds'")
    await tell(database, "UPDATE outbox SET created_at = '2000-01-01', due_at = '2000-01-01'")


async def test_what_is_undone_and_unsent_gets_a_job_and_only_one(
    database: Database, store: PostgresStore, sweep: Sweep
):
    await _keep_event(store)
    await _keep_row(store)
    assert await sweep() == 0  # it may still be under way
    await _age(database)
    assert await sweep() == 2
    assert await sweep() == 0  # its jobs are alive
    found = [(job["task_name"], job["queue_name"], job["status"]) for job in await jobs(database)]
    assert found == [("handle", "talk", "todo"), ("deliver", "talk", "todo")]


async def test_nothing_is_started_where_a_job_lives(
    database: Database, store: PostgresStore, twin: PostgresStore, sweep: Sweep, clock: FakeClock
):
    await _keep_event(store, with_job=True)
    await _age(database)
    started = await asyncio.gather(sweep(), Sweep(twin, clock)())
    assert sum(started) == 0
    assert len(await jobs(database)) == 1


async def test_a_compose_job_that_has_gone_is_started_again(
    database: Database, store: PostgresStore, sweep: Sweep
):
    async with store.transaction() as t:
        await t.composing.add(
            Compose(id="k1", conversation="c1", version=1, question="words?", passages=("a",),
                    trace="t", asker="x")
        )  # fmt: skip
    assert await sweep() == 0
    await tell(database, "UPDATE composes SET created_at = now() - interval '2 minutes'")
    assert await sweep() == 1
    (job,) = await jobs(database)
    assert (job["task_name"], job["queue_name"], job["lock"]) == ("compose", "think", "compose:k1")


async def test_the_jobs_of_a_dead_worker_are_deleted_and_its_work_started_again(
    database: Database, store: PostgresStore, sweep: Sweep, engine: procrastinate.App
):
    await _keep_event(store, with_job=True)
    worker = await engine.job_manager.register_worker()
    assert await engine.job_manager.fetch_job(queues=[TALK], worker_id=worker) is not None
    await _age(database)
    assert await sweep() == 0  # the worker lives
    await tell(
        database, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 seconds'"
    )
    assert await sweep() == 1
    assert [job["status"] for job in await jobs(database)] == ["todo"]


async def test_jobs_hold_no_words(database: Database, store: PostgresStore, sweep: Sweep):
    await _keep_event(store, "web:visitor-1:my words", with_job=True)
    await _keep_row(store)
    await _age(database)
    await sweep()
    held = json.dumps(await jobs(database))
    for words in ("words", "visitor", "web:", "Max"):
        assert words not in held
    for job in await jobs(database):
        assert set(job["args"]) <= {"room", "ref"}


async def test_the_heart_of_a_process_beats_in_its_row(database: Database, store: PostgresStore):
    await Heartbeat(store, database, "work")()
    await tell(database, "UPDATE processes SET seen_at = now() - interval '10 seconds'")
    await Heartbeat(store, database, "work")()
    found = await rows(
        database, "SELECT id, kind, seen_at > now() - interval '5 seconds' AS alive FROM processes"
    )
    assert found == [{"id": store.me, "kind": "work", "alive": True}]


async def test_duplicate_jobs_commit_once(
    database: Database, store: PostgresStore, clock: FakeClock, engine: procrastinate.App
):
    library = FakeLibrary(shop=[Article(id="a", question="words of e0", answer="Yes.")])
    channel = FakeChannel("web")
    lines = Lines([SHOP])
    commit = Commit({"web": channel})
    judge = Judge(book=RuleBook(shipped()), reader=FakeReader(), lines=lines)
    process = Process(
        store=store,
        commit=commit,
        clock=clock,
        reader=FakeReader(),
        lines=lines,
        route=compose((), build_router(library, judge, composes=False)),
        max_tries=3,
    )
    register(engine, process, Delivery(store, clock, commit.channels), None)
    for number in range(5):
        room = await _keep_event(store, f"e{number}", with_job=True)
    async with store.transaction() as t:
        for _ in range(20):
            await t.later(Job(kind="handle", room=room))
            await t.later(Job(kind="deliver", room=room))
    running = asyncio.get_running_loop().create_task(run_worker(engine, [TALK], 8))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while await jobs(database):  # noqa: ASYNC110  of the worker
                await asyncio.sleep(0.02)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert await rows(database, "SELECT DISTINCT state FROM events") == [{"state": "done"}]
    assert await rows(database, "SELECT DISTINCT state FROM outbox") == [{"state": "sent"}]
    keys = [outbound.key for outbound in channel.started]
    assert len(keys) == len(set(keys))
    assert len(keys) == (await rows(database, "SELECT count(*) AS n FROM outbox"))[0]["n"]
    for number in range(5):
        assert sum(key.endswith(f":e{number}") for key in keys) >= 1


async def test_timers_fire_once_with_two_at_work(
    database: Database, store: PostgresStore, twin: PostgresStore, clock: FakeClock
):
    lines = Lines([SHOP])
    async with store.transaction() as t:
        for number in range(20):
            held = _waiting(number)
            await t.conversations.add(held)
            due = clock.now() - number * SECOND
            await t.timers.set(Timer(kind="rung", conversation=held.id, due_at=due, version=2))
    tickers = [
        Timers(Clockwork(one, Commit({}), clock, lines, Climb(FakeOnCall(), ())))
        for one in (store, twin)
    ]
    fired = await asyncio.gather(*(ticker() for ticker in tickers))
    assert sum(fired) == 20
    told = await rows(
        database,
        "SELECT conversation, count(*) AS n FROM outbox WHERE author = 'system'"
        " GROUP BY conversation",
    )
    assert len(told) == 20
    assert {row["n"] for row in told} == {1}
    assert await asyncio.gather(*(ticker() for ticker in tickers)) == [0, 0]


def _waiting(number: int) -> Conversation:
    rungs = (Rung(team="support", means="room", wait=timedelta(minutes=5)),)
    handoff = Handoff(id=f"h{number}", reason="asked", priority="normal", ladder=rungs,
                      opened_at=NOW)  # fmt: skip
    home = replace(HOME, room=f"visitor-{number}")
    made = conversation(f"c{number}", address=home)
    return replace(made, holder="waiting", version=2, handoff=handoff, revision=1)
