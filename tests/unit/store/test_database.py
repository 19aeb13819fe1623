"""URLs, and which foreign errors become ours."""

import psycopg
import psycopg.errors
import pytest
import sqlalchemy.exc
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.domain.errors import CarelineError, Conflict, SettingsError, Unavailable
from bot.store.database import driverless, mapped_errors
from bot.store.migrate import FOLDER, HEAD


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@h/d",
        "postgres://u:p@h/d",
        "postgresql+psycopg://u:p@h/d",
        "postgresql+asyncpg://u:p@h/d",
    ],
)
def test_every_way_to_write_the_url_is_one(url: str):
    assert driverless(url) == "postgresql://u:p@h/d"


@pytest.mark.parametrize("url", ["", "sqlite:///x.db", "mysql://u:secret@h/d"])
def test_another_database_is_a_fault_that_keeps_the_secret(url: str):
    with pytest.raises(SettingsError, match=r"database\.url") as caught:
        driverless(url)
    assert "secret" not in str(caught.value)


def wrapped(error: psycopg.Error) -> sqlalchemy.exc.DBAPIError:
    made = sqlalchemy.exc.DBAPIError.instance("SELECT 1", {}, error, psycopg.Error)
    assert isinstance(made, sqlalchemy.exc.DBAPIError)
    return made


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (psycopg.OperationalError("gone"), Unavailable),
        (psycopg.errors.AdminShutdown("gone"), Unavailable),
        (wrapped(psycopg.errors.AdminShutdown("gone")), Unavailable),
        (wrapped(psycopg.InterfaceError("closed")), Unavailable),
        (sqlalchemy.exc.TimeoutError("pool"), Unavailable),
        (wrapped(psycopg.errors.UniqueViolation("twice")), Conflict),
        (wrapped(psycopg.errors.DeadlockDetected("knot")), Conflict),
    ],
)
def test_foreign_errors_stop_here(foreign: Exception, ours: type[CarelineError]):
    with pytest.raises(ours) as caught, mapped_errors():
        raise foreign
    assert caught.value.__cause__ is foreign


@pytest.mark.parametrize(
    "error", [psycopg.errors.QueryCanceled, psycopg.errors.ProgramLimitExceeded]
)
def test_a_statement_that_cannot_succeed_is_not_a_database_away(error: type[psycopg.Error]):
    """Such a one must be counted against its event, or it would be tried for ever."""
    with pytest.raises(sqlalchemy.exc.OperationalError), mapped_errors():
        raise wrapped(error("no"))


@pytest.mark.parametrize(
    "mistake",
    [
        wrapped(psycopg.errors.UndefinedTable("no such table")),
        wrapped(psycopg.errors.ForeignKeyViolation("nobody")),
        TimeoutError("somebody else's"),
        Conflict("ours already"),
    ],
)
def test_mistakes_are_not_hidden(mistake: Exception):
    with pytest.raises(type(mistake)) as caught, mapped_errors():
        raise mistake
    assert caught.value is mistake


def test_the_program_knows_its_newest_revision():
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [HEAD]
    assert [r.revision for r in script.walk_revisions()][-1] == "0001"
