"""Running the product: the door, the workers and the loops beside them, until told to stop."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from aiohttp import web

from bot.checks import database_check, knowledge_check, scraped, worker_check
from bot.core.accept import unforeseen
from bot.core.teaching import Teaching
from bot.domain.errors import SettingsError, Unavailable
from bot.domain.ports import Listens, Received
from bot.main import App
from bot.server.app import WebDeps, away_app, health_app, listen, web_app
from bot.server.chat.deps import ChatDeps, ChatLimits
from bot.server.chat.limits import Rate
from bot.server.desk.deps import DeskDeps
from bot.server.health import HealthDeps
from bot.server.webhooks import keep
from bot.settings import ChatRates, Settings, options_of
from bot.store.processes import leave
from bot.work.jobs import TALK, THINK
from bot.work.sweep import LEARN_S, TIDY_S, Heartbeat, Sweep, Tidy, Timers, every_second
from bot.work.teaching import Publisher
from bot.work.worker import opened, run_worker

log = logging.getLogger("careline")

Kind: TypeAlias = Literal["serve", "web", "work"]
_SAID_AGAIN_S = 0.5
ONCALL_S = 5.0
"""How often staff, and what other processes read of calendars, is taken over."""
Announce: TypeAlias = Callable[[int], Awaitable[None]]
"""Told the port once the door is open."""


async def run(app: App, kind: Kind, announce: Announce) -> None:
    """Run until SIGINT or SIGTERM, then finish what is under way and stop."""
    stopping = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        running.add_signal_handler(number, stopping.set)
    async with _door(app, kind, stopping) as port, living(app, kind):
        await announce(port)
        gc.freeze()  # what start-up made stays for good: it need not be looked through again
        await stopping.wait()


@asynccontextmanager
async def living(app: App, kind: Kind, *, works: bool = True) -> AsyncIterator[None]:
    """Run what belongs beside the door; at the end the heart beats until the work is done."""
    async with asyncio.TaskGroup() as group:
        beside = [group.create_task(loop) for loop in _beside(app, kind)]
        work = [group.create_task(loop) for loop in (_work(app) if works else [])]
        try:
            yield
        finally:
            await end(work)
            await end(beside)
    with suppress(Unavailable):
        async with app.storage.database.begin() as connection:
            await leave(connection, app.storage.database.tables, app.storage.store.me)


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks until all have ended.

    Before Python 3.12 `asyncio.wait_for`, through which all that reaches the database waits,
    forgets a cancellation that comes as its wait is over: it is said again.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_SAID_AGAIN_S)


def _beside(app: App, kind: Kind) -> list[Coroutine[None, None, None]]:
    """What every process does: hear announcements, follow modes, say that it lives."""
    storage = app.storage
    heartbeat = Heartbeat(storage.store, storage.beside, kind)
    return [
        storage.notices.run(),
        _follow_modes(app),
        every_second("heartbeat", heartbeat),
        *_listening(app, kind),
    ]


def _listening(app: App, kind: Kind) -> list[Coroutine[None, None, None]]:
    """Channels that fetch their events themselves; the door's business, like all webhooks."""
    if kind == "work":
        return []
    foresee = app.mind.foresee if app.mind else unforeseen

    async def kept(received: Received) -> None:
        await keep(app.storage.store, received, foresee)

    channels = (one for one in app.channels.values() if isinstance(one, Listens))
    return [channel.listen(kept) for channel in channels]


def _work(app: App) -> list[Coroutine[None, None, None]]:
    """What a process with a mind does besides."""
    storage, mind = app.storage, app.mind
    if mind is None:
        return []
    options = options_of(storage.settings)
    publisher = Publisher(storage.shelf, storage.notices, storage.clock, options)
    return [
        mind.library.follow(),
        _workers(app, composes=mind.composes),
        every_second("sweep", Sweep(storage.store, storage.clock)),
        every_second("timers", Timers(mind.clockwork)),
        every_second("oncall", mind.oncall, ONCALL_S),
        every_second("tidy", Tidy(storage.store), TIDY_S),
        every_second("learning", mind.learning, LEARN_S),
        publisher.run(),
        publisher.group(),
    ]


async def _workers(app: App, *, composes: bool) -> None:
    """The workers of this process, on the engine's own pool; reopened when it cannot open."""
    work = app.storage.settings.work
    while True:
        try:
            # Without a writer the thinking that another process has left behind is no work.
            talk = [TALK] if composes else [TALK, THINK]
            async with opened(app.storage.engine), asyncio.TaskGroup() as group:
                group.create_task(run_worker(app.storage.engine, talk, work.concurrency))
                if composes:
                    slow = run_worker(app.storage.engine, [THINK], work.think_concurrency)
                    group.create_task(slow)
        except Exception as exc:  # noqa: BLE001  the pool could not open: the database is away
            log.warning("workers_stopped", extra={"error": type(exc).__name__})
        await asyncio.sleep(1)


async def _follow_modes(app: App) -> None:
    """Take over lines' modes as they are switched, and every half minute all the same."""
    async with app.storage.notices.listen("modes") as changed:
        while True:
            await changed.wait(30)
            with suppress(Unavailable):
                app.lines.switch(await app.storage.modes.all())


@asynccontextmanager
async def _door(app: App, kind: Kind, stopping: asyncio.Event) -> AsyncIterator[int]:
    server = app.storage.settings.server
    if kind == "work":
        application, port = health_app(_health(app)), server.work_port
        if port is None:
            yield 0
            return
    else:
        application, port = web_app(_web(app, stopping)), server.port
    runner, taken = await _open(application, server.host, port)
    try:
        yield taken
    finally:
        stopping.set()
        await runner.cleanup()


@asynccontextmanager
async def waiting_door(settings: Settings, kind: Kind) -> AsyncIterator[None]:
    """What is open while the database is awaited: alive, not ready, everything else 503."""
    server = settings.server
    port = server.work_port if kind == "work" else server.port
    if port is None:
        yield
        return
    runner, _ = await _open(away_app(), server.host, port)
    try:
        yield
    finally:
        await runner.cleanup()


async def _open(application: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    try:
        return await listen(application, host, port)
    except OSError as exc:
        raise SettingsError(
            [
                f"server.port: cannot listen on {host}:{port} ({exc.strerror}); stop the other "
                "program or choose another port (CARELINE_SERVER__PORT)"
            ]
        ) from exc


def _web(app: App, stopping: asyncio.Event) -> WebDeps:
    storage, settings = app.storage, app.storage.settings
    lines = app.lines.all()
    proxies = settings.server.trusted_proxies
    public = urlsplit(settings.server.public_url or "")
    return WebDeps(
        store=storage.store,
        hooks=app.hooks,
        pages=app.pages,
        typing=app.typing,
        judging=app.verdicts,
        health=_health(app),
        chat=ChatDeps(
            channel=app.web,
            store=storage.store,
            notices=storage.notices,
            clock=storage.clock,
            lines={line.name: line.title for line in lines if f"web:{line.name}" in line.addresses},
            default_line=settings.chat.line or lines[0].name,
            allowed_origins=settings.chat.allowed_origins,
            trusted_proxies=proxies,
            limits=_limits(settings.chat.rates),
            foresee=app.mind.foresee if app.mind else unforeseen,
            typing=app.presence,
            files=storage.files,
            stopping=stopping,
        ),
        desk=DeskDeps(
            press=app.press,
            amends=app.amending,
            filing=app.filing,
            files=storage.files,
            dismiss=app.dismissing,
            typing=app.presence,
            board=storage.board,
            staff=storage.staff,
            modes=storage.modes,
            teaching=Teaching(storage.proposals, storage.shelf, storage.clock),
            notices=storage.notices,
            clock=storage.clock,
            lines={line.name: (line.title, line.mode) for line in lines},
            secure_cookies=public.scheme == "https",
            closing=stopping,
            public_hosts=frozenset({public.netloc} if public.netloc else ()),
            trusted_proxies=proxies,
        ),
    )


def _limits(rates: ChatRates) -> ChatLimits:
    return ChatLimits(
        visitor=Rate(burst=rates.visitor_burst, per_second=rates.visitor_per_second),
        address=Rate(burst=rates.address_burst, per_second=rates.address_per_second),
        newcomer=Rate(burst=rates.newcomer_burst, per_second=rates.newcomer_per_second),
    )


def _health(app: App) -> HealthDeps:
    storage = app.storage
    checks = {"database": database_check(storage.database)}
    if app.mind is not None:
        wanted = {line.kb for line in app.lines.all()}
        checks["knowledge"] = knowledge_check(app.mind.library, wanted)
    if storage.settings.server.workers_expected:
        checks["worker"] = worker_check(storage.database)
    return HealthDeps(checks=checks, metrics=lambda: scraped(app))
