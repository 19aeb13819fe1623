"""A worker that misses no notification, and comes back when the database does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import procrastinate
import psycopg.errors
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Notification
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
    the next poll. Here rings are counted, and a fetch during which one was heard is repeated.
    And it forgets a job whose end it could not write down: the job would keep its lock for as
    long as the worker lives. See `bot/work/DECISIONS.md`.
    """

    _rings = 0

    @override
    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        self._rings += 1
        await super()._handle_notification(channel=channel, notification=notification)

    @override
    async def _fetch_and_process_jobs(self) -> None:
        heard = -1
        while heard != self._rings and not self._stop_event.is_set():
            heard = self._rings
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]  # the engine's

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
