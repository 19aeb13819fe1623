"""The database and everything that lives in it, opened and closed in order."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import procrastinate
import psycopg

from bot.connectors.scanning import ScannedFiles
from bot.domain.errors import SettingsError
from bot.domain.files import Files
from bot.domain.ports import Clock
from bot.settings import Settings
from bot.store.archive import PostgresArchive
from bot.store.board import PostgresBoard
from bot.store.calendars import PostgresCalendars
from bot.store.database import REACHING, Database, mapped_errors
from bot.store.embedded import EmbeddedPostgres
from bot.store.files import PostgresFiles
from bot.store.installs import PostgresInstalls
from bot.store.keyring import Keyring, keyring_file, load_keyring
from bot.store.migrate import migrate
from bot.store.modes import PostgresModes
from bot.store.notices import PostgresNotices
from bot.store.postgres import PostgresStore
from bot.store.proposals import PostgresProposals
from bot.store.pulse import Pulse
from bot.store.results import PostgresTally
from bot.store.shelf import PostgresShelf
from bot.store.staff import PostgresStaffBook
from bot.work.jobs import DEFERRAL, job_app, prepare_schema


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


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
    archive: PostgresArchive
    board: PostgresBoard
    staff: PostgresStaffBook
    calendars: PostgresCalendars
    modes: PostgresModes
    proposals: PostgresProposals
    tally: PostgresTally
    files: Files
    installs: PostgresInstalls


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
        store=PostgresStore(database, DEFERRAL, Pulse()),
        notices=notices,
        shelf=PostgresShelf(database, notices),
        archive=PostgresArchive(database),
        board=PostgresBoard(database),
        staff=PostgresStaffBook(database, clock),
        calendars=PostgresCalendars(database),
        modes=PostgresModes(database),
        proposals=PostgresProposals(database),
        tally=PostgresTally(database),
        files=_files(settings, database),
        installs=PostgresInstalls(database),
    )


def _files(settings: Settings, database: Database) -> Files:
    kept = PostgresFiles(database)
    url = settings.files.scan_url
    return kept if url is None else ScannedFiles(kept, url)


def _make_data_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise SettingsError(
            [f"data: {data} cannot be made ({exc.strerror}); choose another with --data"]
        ) from exc
