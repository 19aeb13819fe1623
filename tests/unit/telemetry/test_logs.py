"""Logs tell what happened, never what was said."""

import asyncio
import io
import json
import logging
from typing import Any

import pytest

from bot.domain.errors import KnowledgeError
from bot.telemetry.logs import JsonFormatter, set_up_logs

WORDS = "my card number is 4111"


def lines(*records: logging.LogRecord) -> list[dict[str, Any]]:
    return [json.loads(JsonFormatter().format(record)) for record in records]


def record(name: str, msg: object, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, "/x/pool.py", 7, msg, args, None)
    made.__dict__.update(extra)
    return made


def raised(error: BaseException) -> logging.LogRecord:
    def fail() -> None:
        raise error

    made = record("careline.work", "event_failed")
    with pytest.raises(type(error)) as caught:
        fail()
    made.exc_info = (caught.type, caught.value, caught.tb)
    return made


def test_a_line_is_one_json_object_with_fields():
    (line,) = lines(record("careline.work", "event_failed", room="r1", error="KeyError"))
    assert (line["level"], line["logger"], line["event"]) == (
        "warning",
        "careline.work",
        "event_failed",
    )
    assert (line["room"], line["error"]) == ("r1", "KeyError")
    assert "\n" not in JsonFormatter().format(record("careline", "two\nlines"))


@pytest.mark.parametrize(
    "error",
    [
        ValueError(WORDS),
        KeyError(WORDS),
        ExceptionGroup(WORDS, [ValueError(WORDS)]),
        KnowledgeError(WORDS),
    ],
)
def test_an_exception_is_its_type_and_its_place(error: Exception):
    (line,) = lines(raised(error))
    assert line["exception"] == type(error).__name__
    assert "test_logs.py" in line["at_code"][-1]
    assert WORDS not in json.dumps(line)


@pytest.mark.parametrize(
    "made",
    [
        record("careline", "failed: %s", ValueError(WORDS)),
        record("careline", ValueError(WORDS)),
        record("careline", "failed", error=ValueError(WORDS)),
        record("careline", "failed", text=WORDS),
        record("psycopg.pool", "cannot connect: %s", WORDS),
        record("psycopg.pool", f"cannot read {WORDS}"),
        record("somebody", ValueError(WORDS)),
        record("careliner", f"cannot read {WORDS}"),
    ],
)
def test_words_of_others_stay_out(made: logging.LogRecord):
    assert WORDS not in JsonFormatter().format(made)


def test_a_librarys_template_is_told_and_else_its_place():
    told = lines(
        record("psycopg.pool", "cannot connect: %s", WORDS), record("asyncio", f"Task <{WORDS}>")
    )
    assert [line["event"] for line in told] == ["cannot connect: %s", "pool:7"]


def test_our_own_errors_may_speak():
    (line,) = lines(record("careline", "not served: %s", KnowledgeError("ingest it again")))
    assert line["event"] == "not served: ingest it again"


@pytest.fixture
def stream():
    root, names = logging.getLogger(), ("careline", "procrastinate", "aiohttp.access")
    before = (root.handlers, root.level, [logging.getLogger(n).level for n in names])
    out = io.StringIO()
    set_up_logs("info", stream=out)
    yield out
    root.handlers = before[0]
    root.setLevel(before[1])
    for name, level in zip(names, before[2], strict=True):
        logging.getLogger(name).setLevel(level)


def test_libraries_speak_from_warnings_upwards(stream: io.StringIO):
    logging.getLogger("careline.core").info("started")
    logging.getLogger("careline.core").debug("noise")
    logging.getLogger("somebody").info("noise")
    logging.getLogger("procrastinate").warning("noise %s", 1)
    logging.getLogger("somebody").warning("careful %s", 1)
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [
        "started",
        "careful %s",
    ]


def test_the_loops_own_complaints_quote_nobody(stream: io.StringIO):
    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": f"lost {WORDS}", "exception": ValueError(WORDS)})

    asyncio.run(main())
    (line,) = stream.getvalue().splitlines()
    assert WORDS not in line
    assert json.loads(line)["exception"] == "ValueError"
