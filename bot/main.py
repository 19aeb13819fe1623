"""The composition root: it knows every part, and opens and closes them in order."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import procrastinate
import psycopg

from bot.core.clockwork import Clockwork
from bot.core.composing import Composing
from bot.core.delivery import Delivery
from bot.core.lines import Lines
from bot.core.middleware import compose
from bot.core.press import PressLane
from bot.core.process import Process
from bot.core.routes import build_router
from bot.domain.errors import SettingsError
from bot.domain.ports import Channel, Clock, Writer
from bot.settings import Settings, lines_of, writer_of
from bot.store.board import PostgresBoard
from bot.store.database import REACHING, Database, mapped_errors
from bot.store.embedded import EmbeddedPostgres
from bot.store.keyring import Keyring, keyring_file, load_keyring
from bot.store.migrate import migrate
from bot.store.modes import PostgresModes
from bot.store.notices import PostgresNotices
from bot.store.postgres import PostgresStore
from bot.store.pulse import Pulse
from bot.store.shelf import PostgresShelf
from bot.store.staff import PostgresStaffBook
from bot.telemetry.metrics import Metrics
from bot.work.jobs import Jobs, job_app, prepare_schema
from bot.work.tasks import register
from bot.writer.opening import open_writer
from channels.web.channel import WebChannel
from channels.web.signature import VisitorTokens
from knowledge.encoder import Encoder
from knowledge.library import ChromaLibrary
from knowledge.readings import EncoderReader


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A channel beside the built-in ones, with the path of its webhook."""

    channel: Channel
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The database and everything that lives in it."""

    settings: Settings
    clock: Clock
    database: Database
    beside: Database
    engine: procrastinate.App
    store: PostgresStore
    notices: PostgresNotices
    shelf: PostgresShelf
    board: PostgresBoard
    staff: PostgresStaffBook
    modes: PostgresModes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """What a process that works has and a mere door has not."""

    library: ChromaLibrary
    reader: EncoderReader
    process: Process
    clockwork: Clockwork
    composes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The product, put together and not yet running; a door alone has no mind."""

    storage: Storage
    lines: Lines
    metrics: Metrics
    web: WebChannel
    channels: Mapping[str, Channel]
    hooks: Mapping[str, Channel]
    press: PressLane
    mind: Mind | None


def encoder_folder(settings: Settings) -> Path:
    """Where the exported encoder lives."""
    return settings.knowledge.encoder or settings.data / "encoder"


def keyring_of(settings: Settings) -> Keyring:
    """The key ring from the environment, else the data folder's own file."""
    if settings.keys is not None:
        return load_keyring(settings.keys.get_secret_value())
    if settings.database.url is not None:
        raise SettingsError(
            [
                "keys: with a database of your own, CARELINE_KEYS must hold the key ring that "
                "all replicas share; `careline keys` prints a fresh one"
            ]
        )
    return keyring_file(settings.data / "keys.json")


@asynccontextmanager
async def open_storage(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Storage]:
    """The database, embedded or by URL, with its schema up to date.

    Raises `Unavailable` while a database by URL is away.
    """
    async with AsyncExitStack() as stack:
        if settings.database.url is None:
            embedded = await EmbeddedPostgres.open(settings.data)
            stack.push_async_callback(embedded.close)
            url = embedded.url
        else:
            _make_data_folder(settings.data)
            url = settings.database.url.get_secret_value()
        database = Database(url, keyring_of(settings), pool_size=settings.database.pool)
        stack.push_async_callback(database.close)
        beside = Database(url, database.keyring, pool_size=1)  # the heartbeat waits for nobody
        stack.push_async_callback(beside.close)
        await migrate(database)
        engine = job_app(database.url)
        await _prepare_engine(engine, database)
        yield _storage(settings, clock or SystemClock(), (database, beside), engine)


async def _prepare_engine(engine: procrastinate.App, database: Database) -> None:
    with mapped_errors():
        async with await psycopg.AsyncConnection.connect(database.url, **REACHING) as connection:
            await prepare_schema(engine, connection)


def _storage(
    settings: Settings,
    clock: Clock,
    databases: tuple[Database, Database],
    engine: procrastinate.App,
) -> Storage:
    database, beside = databases
    notices = PostgresNotices(database)
    return Storage(
        settings=settings,
        clock=clock,
        database=database,
        beside=beside,
        engine=engine,
        store=PostgresStore(database, Jobs(engine).defer, Pulse()),
        notices=notices,
        shelf=PostgresShelf(database, notices),
        board=PostgresBoard(database),
        staff=PostgresStaffBook(database, clock),
        modes=PostgresModes(database),
    )


def _make_data_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise SettingsError(
            [f"data: {data} cannot be made ({exc.strerror}); choose another with --data"]
        ) from exc


@asynccontextmanager
async def build(
    storage: Storage,
    *,
    thinks: bool = True,
    writer: Writer | None = None,
    extras: Sequence[Extra] = (),
) -> AsyncIterator[App]:
    """Put the product together over its storage; `thinks` when this process does the work."""
    store, clock = storage.store, storage.clock
    lines = Lines(lines_of(storage.settings))
    lines.switch(await storage.modes.all())
    tokens = VisitorTokens(storage.database.keyring.derive("web visitors"))
    web = WebChannel(store, clock, tokens)
    channels: dict[str, Channel] = {web.name: web}
    channels |= {extra.channel.name: extra.channel for extra in extras}
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        mind = None
        if thinks:
            made = _mind(storage, lines, metrics, channels, writer)
            mind = await stack.enter_async_context(made)
        yield App(
            storage=storage,
            lines=lines,
            metrics=metrics,
            web=web,
            channels=channels,
            hooks={extra.path: extra.channel for extra in extras},
            press=PressLane(store, clock, lines),
            mind=mind,
        )


@asynccontextmanager
async def _mind(
    storage: Storage,
    lines: Lines,
    metrics: Metrics,
    channels: Mapping[str, Channel],
    writer: Writer | None,
) -> AsyncIterator[Mind]:
    """Encoder, library, handlers; the engine is given its tasks."""
    settings, clock, store = storage.settings, storage.clock, storage.store
    async with open_library(storage) as (library, reader):
        writer = writer or await asyncio.to_thread(open_writer, writer_of(settings))
        sure, composes = settings.writer.sure(), writer is not None
        router = build_router(library, lines, composes=composes, sure=sure)
        process = Process(
            store=store,
            clock=clock,
            reader=reader,
            lines=lines,
            route=compose((metrics.observe,), router),
            max_tries=settings.work.max_tries,
        )
        delivery = Delivery(store, clock, channels, metrics.delivered)
        composing = _composing(storage, lines, library, channels, writer, metrics)
        register(storage.engine, process, delivery, composing)
        yield Mind(
            library=library,
            reader=reader,
            process=process,
            clockwork=Clockwork(store, clock, lines),
            composes=composes,
        )


def _composing(
    storage: Storage,
    lines: Lines,
    library: ChromaLibrary,
    channels: Mapping[str, Channel],
    writer: Writer | None,
    metrics: Metrics,
) -> Composing:
    settings = storage.settings
    return Composing(
        store=storage.store,
        clock=storage.clock,
        library=library,
        writer=writer,
        lines=lines,
        channels=channels,
        budget=timedelta(seconds=settings.work.compose_seconds),
        allowance=settings.writer.allowance(),
        told=metrics.composed,
    )


@asynccontextmanager
async def open_library(storage: Storage) -> AsyncIterator[tuple[ChromaLibrary, EncoderReader]]:
    """The library and the reader, each on a thread of its own."""
    settings = storage.settings
    search = ThreadPoolExecutor(1, "search")
    with ThreadPoolExecutor(1, "encoder") as thread:
        encoder = await asyncio.to_thread(
            Encoder.open, encoder_folder(settings), threads=settings.knowledge.threads
        )
        library = ChromaLibrary(
            storage.shelf,
            settings.data / "index",
            encoder.fingerprint,
            search,
            url=settings.knowledge.chroma_url,
        )
        try:
            await library.open()
            yield library, EncoderReader(encoder, thread)
        finally:
            # A search that hangs in a server ends by itself; the loop must not wait for it.
            search.shutdown(wait=False, cancel_futures=True)
            await library.close()
