"""The worker hears every notification, and the worker of a lost database is replaced."""

import asyncio
from contextlib import AsyncExitStack
from time import perf_counter

import procrastinate
import psycopg_pool
import pytest
from procrastinate.jobs import Notification
from typing_extensions import override

from bot.store.database import Database, hung_up
from bot.work import worker as work
from bot.work.jobs import TALK, job_app
from bot.work.worker import AttentiveWorker, opened, run_worker
from tests.integration.work.conftest import rows

pytestmark = pytest.mark.integration

NEVER_S = 600
PATIENCE_S = 30


class HeldManager:
    """The engine's job manager, except that each fetch that finds nothing can be held up.

    It has looked, and not yet said that there was nothing: the moment in which a notification used
    to be forgotten.
    """

    def __init__(self, manager: object) -> None:
        self._manager = manager
        self.empty = asyncio.Event()
        self.let_go = asyncio.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._manager, name)

    async def fetch_job(self, **asked: object) -> object:
        job = await self._manager.fetch_job(**asked)  # type: ignore[attr-defined]  # the engine's
        if job is None:
            self.empty.set()
            await self.let_go.wait()
        return job


class HearingWorker(AttentiveWorker):
    """Says when it has heard a notification."""

    heard: asyncio.Event

    @override
    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        await super()._handle_notification(channel=channel, notification=notification)
        self.heard.set()


async def _late_job_runs(engine: procrastinate.App, kind: type[AttentiveWorker]) -> bool:
    """Whether a job that is announced during a fetch that has found nothing runs at once."""
    ran = asyncio.Event()

    async def note() -> None:
        ran.set()

    engine.task(name="note", queue=TALK)(note)
    manager = HeldManager(engine.job_manager)
    engine.job_manager = manager  # type: ignore[assignment]  # it stands before the engine's
    worker = kind(
        app=engine, queues=[TALK], fetch_job_polling_interval=NEVER_S, install_signal_handlers=False
    )
    heard = worker.heard = asyncio.Event()  # type: ignore[attr-defined]  # of the hearing kinds
    running = asyncio.get_running_loop().create_task(worker.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            await manager.empty.wait()
            while not heard.is_set():  # until the listener is up, a notification is not heard
                await engine.configure_task("note", queue=TALK).defer_async()
                await _settles(heard)
            manager.let_go.set()
            await _settles(ran)
        return ran.is_set()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _settles(event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(0.5):
            await event.wait()
    except TimeoutError:
        return


class ForgetfulWorker(HearingWorker):
    """The engine's worker as it is."""

    @override
    async def _fetch_and_process_jobs(self) -> None:
        await super(AttentiveWorker, self)._fetch_and_process_jobs()


async def test_a_notification_during_a_fetch_leads_to_another_fetch(engine: procrastinate.App):
    assert await _late_job_runs(engine, HearingWorker)


async def test_the_engines_own_worker_still_has_the_gap(engine: procrastinate.App):
    """When this fails the engine has closed it: `AttentiveWorker` may go."""
    assert not await _late_job_runs(engine, ForgetfulWorker)


async def test_a_job_runs_promptly_without_polling(
    engine: procrastinate.App, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(work, "POLL_S", NEVER_S)
    ran: asyncio.Queue[int] = asyncio.Queue()

    async def note(number: int) -> None:
        ran.put_nowait(number)

    engine.task(name="note", queue=TALK)(note)
    running = asyncio.get_running_loop().create_task(run_worker(engine, [TALK], 4))
    waits = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            for number in range(200):
                began = perf_counter()
                await engine.configure_task("note", queue=TALK).defer_async(number=number)
                if number == 0:
                    await _started(engine, ran)
                    continue
                assert await ran.get() == number
                waits.append(perf_counter() - began)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert len(waits) == 199  # none was left to the poll that never comes


async def _started(engine: procrastinate.App, ran: "asyncio.Queue[int]") -> None:
    """Wait until the worker listens: a job deferred before that may lie until the poll."""
    while ran.empty():
        await engine.configure_task("note", queue=TALK).defer_async(number=0)
        await asyncio.sleep(0.05)
    while True:
        left = await engine.job_manager.list_jobs_async(status="todo")
        if not list(left):
            break
        await asyncio.sleep(0.02)
    while not ran.empty():
        ran.get_nowait()


@pytest.mark.parametrize("steps", [1, 2, 5, 20])
async def test_an_engine_whose_opening_was_cut_short_leaves_nothing_and_opens_again(
    clean_url: str, steps: int
):
    app = job_app(clean_url)

    async def open_and_stay() -> None:
        async with opened(app):
            await asyncio.Event().wait()

    opening = asyncio.get_running_loop().create_task(open_and_stay())
    for _ in range(steps):
        await asyncio.sleep(0)
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    async with opened(app):
        assert await app.check_connection_async()


async def test_an_engine_that_could_not_open_is_opened_anew(clean_url: str):
    app = job_app(clean_url)
    refused = ConnectionError("not yet")

    class Refusing(psycopg_pool.AsyncConnectionPool):
        @override
        async def open(self, wait: bool = False, timeout: float = 30) -> None:
            await super().open(wait=wait, timeout=timeout)
            raise refused

    app.connector._pool_factory = Refusing  # type: ignore[attr-defined]  # of this connector
    with pytest.raises(ConnectionError):
        async with opened(app):
            pass
    app.connector._pool_factory = psycopg_pool.AsyncConnectionPool  # type: ignore[attr-defined]  # as above
    async with opened(app):
        assert await app.check_connection_async()


async def test_a_worker_that_stops_is_replaced(
    engine: procrastinate.App, monkeypatch: pytest.MonkeyPatch
):
    started: asyncio.Queue[AttentiveWorker] = asyncio.Queue()

    class Stopping(AttentiveWorker):
        @override
        async def run(self) -> None:
            started.put_nowait(self)
            raise ConnectionError

    monkeypatch.setattr(work, "AttentiveWorker", Stopping)
    monkeypatch.setattr(work, "_AGAIN_S", 0)
    running = asyncio.get_running_loop().create_task(run_worker(engine, [TALK], 1))
    try:
        async with asyncio.timeout(PATIENCE_S):
            assert await started.get() is not await started.get()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_connections_that_the_server_has_ended_are_all_replaced_at_once(
    engine: procrastinate.App, database: Database
):
    pool = engine.connector.pool  # type: ignore[attr-defined]  # of this connector
    async with AsyncExitStack() as held:
        ended = [await held.enter_async_context(pool.connection()) for _ in range(4)]
        pids = {connection.info.backend_pid for connection in ended}
    await rows(database, "SELECT pg_terminate_backend(pid) FROM unnest(:pids) AS pid", pids=[*pids])
    while not all(hung_up(connection.pgconn.socket) for connection in ended):  # noqa: ASYNC110  the server's doing
        await asyncio.sleep(0.01)
    async with asyncio.timeout(PATIENCE_S), pool.connection(), pool.connection() as connection:
        assert connection.info.backend_pid not in pids
    assert "requests_errors" not in pool.get_stats()


async def test_a_job_that_waits_for_a_lock_is_fetched_when_it_is_free(
    engine: procrastinate.App, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(work, "POLL_S", NEVER_S)
    ran: asyncio.Queue[int] = asyncio.Queue()
    may_end = asyncio.Event()

    async def note(number: int) -> None:
        ran.put_nowait(number)
        if number == 1:
            await may_end.wait()

    engine.task(name="note", queue=TALK)(note)
    running = asyncio.get_running_loop().create_task(run_worker(engine, [TALK], 4))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await engine.configure_task("note", queue=TALK).defer_async(number=0)
            await _started(engine, ran)
            for number in (1, 2, 3):
                locked = engine.configure_task("note", queue=TALK, lock="one")
                await locked.defer_async(number=number)
            assert await ran.get() == 1
            await engine.configure_task("note", queue=TALK).defer_async(number=9)
            assert await ran.get() == 9
            may_end.set()
            assert [await ran.get(), await ran.get()] == [2, 3]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
