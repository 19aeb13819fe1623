"""A worker that misses no notification, and comes back when the database does."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import procrastinate
import psycopg.errors
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.job_context import JobContext
from procrastinate.jobs import DeleteJobCondition, Job, Notification
from procrastinate.worker import Worker
from typing_extensions import override

log = logging.getLogger("careline.work")

POLL_S = 0.1
HEARTBEAT_S = 1.0
_AGAIN_S = 1.0
_FINISH_TRIES = 10


class AttentiveWorker(Worker):
    """The engine's worker, with two gaps closed.

    The engine forgets a notification that arrives while it is fetching: the job then waits for
    the next poll. Here rings are counted, and each is answered by a fetch, without one fetch more
    after each job and in its way; a job that waited for a lock is fetched as soon as that is free.
    And the engine forgets a job whose end it could not write down: the job would keep its lock
    for as long as the worker lives. See `bot/work/DECISIONS.md`.
    """

    _rings = 0
    _answered = 0
    _owing = False  # a ring was answered by nothing: its job waits for another job's end
    _look = False
    _over = 0

    @override
    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        self._rings += 1
        await super()._handle_notification(channel=channel, notification=notification)

    @override
    async def _fetch_and_process_jobs(self) -> None:
        """Fetch once for each ring; at a poll, or when a lock was freed, until nothing is left."""
        freed, self._look = self._look, False
        looking = freed or self._answered >= self._rings
        while not self._stop_event.is_set() and (looking or self._answered < self._rings):
            rung, over = self._rings, self._over
            if await self._start_next():
                self._answered = min(self._answered + 1, rung)
            else:
                # While others run, which of them holds the lock is not known.
                self._owing |= self._answered < rung or (freed and bool(self._running_jobs))
                self._answered, looking = rung, False
            ended = over != self._over  # while the fetch was under way: it may have freed a lock
            if self._look or (ended and (self._owing or freed)):
                self._look, self._owing, looking, freed = False, False, True, True

    async def _start_next(self) -> bool:
        """Fetch a job and start it as soon as there is room for one more; False without one."""
        if not await self._has_room():
            return False
        job = None
        try:
            fetching = {"queues": self.queues, "worker_id": self.worker_id}
            job = await self.app.job_manager.fetch_job(**fetching)  # type: ignore[arg-type]  # the engine's
        except UniqueViolation:  # another process has just taken one with the same lock
            log.info("fetch_raced")
        finally:
            self._new_job_event.clear()
            if job is None:
                self._job_semaphore.release()
        if job is not None:
            self._start(job)
        return job is not None

    async def _has_room(self) -> bool:
        """Wait for room; False when told to stop instead."""
        if not self._job_semaphore.locked():
            return await self._job_semaphore.acquire()
        room = asyncio.ensure_future(self._job_semaphore.acquire())
        stopped = asyncio.ensure_future(self._stop_event.wait())
        await asyncio.wait({room, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not self._stop_event.is_set():
            return True
        if not room.cancel():
            self._job_semaphore.release()
        return False

    def _start(self, job: Job) -> None:
        context = JobContext(
            app=self.app,
            worker_name=self.worker_name,
            worker_queues=self.queues,
            job=job,
            abort_reason=lambda: self._job_ids_to_abort.get(job.id or 0),
            start_timestamp=time.time(),  # noqa: TID251  for the engine's own log lines
        )
        task = asyncio.get_running_loop().create_task(self._process_job(context))
        self._running_jobs[task] = context
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        del self._running_jobs[task]
        self._job_semaphore.release()
        self._over += 1
        if self._owing:
            self._owing, self._look = False, True
            self._new_job_event.set()

    @override
    def _log_extra(
        self, action: str, context: JobContext | None, job_result: object, **told: Any
    ) -> dict[str, Any]:
        """Nothing: the logs take no fields of the engine's, and making them is work."""
        return {}

    @override
    async def _persist_job_status(self, *job: Any, **ended: Any) -> None:
        for _ in range(_FINISH_TRIES):
            try:
                await super()._persist_job_status(*job, **ended)
            except ConnectorException as exc:
                if isinstance(exc.__cause__, psycopg.errors.RaiseException):
                    return  # the job is gone: it was ended, or taken from a frozen worker
                await asyncio.sleep(_AGAIN_S)
            else:
                return
        self.stop()  # type: ignore[no-untyped-call]  # what a worker leaves behind is freed


@asynccontextmanager
async def opened(app: procrastinate.App) -> AsyncIterator[None]:
    """The engine on its pool, which is closed even where opening it failed or was cut short.

    The engine keeps a pool that did not open, takes it for open the next time, and its tasks
    outlive the loop's end.
    """
    try:
        await app.open_async()
        yield
    finally:
        await app.close_async()


async def run_worker(app: procrastinate.App, queues: Sequence[str], concurrency: int) -> None:
    """Work until cancelled; a worker that stops (the database went away) is replaced."""
    while True:
        worker = AttentiveWorker(
            app=app,
            queues=queues,
            concurrency=concurrency,
            fetch_job_polling_interval=POLL_S,
            update_heartbeat_interval=HEARTBEAT_S,
            delete_jobs=DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
            shutdown_graceful_timeout=10,
        )
        try:
            await _until_it_stops(worker)
        except Exception as exc:  # noqa: BLE001  whatever stopped it, another one takes its place
            log.warning("worker_stopped", extra={"error": type(exc).__name__})
        await asyncio.sleep(_AGAIN_S)


async def _until_it_stops(worker: Worker) -> None:
    """Run a worker; cancelled, tell it to stop, since it may not hear of a cancellation.

    It reaches the database through `asyncio.wait_for`, which before Python 3.12 forgets one that
    comes as its wait is over: https://github.com/python/cpython/issues/86296
    """
    run = worker.run()  # type: ignore[no-untyped-call]  # the engine's
    running = asyncio.get_running_loop().create_task(run)
    try:
        await asyncio.wait({running})
    except asyncio.CancelledError:
        worker.stop()  # type: ignore[no-untyped-call]  # the engine's
        await asyncio.wait({running})
        raise
    running.result()
