"""Structured logs: one JSON object a line, with names, ids and numbers, and without words."""

import json
import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

from typing_extensions import override

from bot.domain.errors import CarelineError

_FIELDS = (
    "trace", "room", "kind", "line", "channel", "decision", "ms", "error", "loop", "kb",
    "version", "port", "count", "path", "status", "remote", "rule",
)  # fmt: skip


class JsonFormatter(logging.Formatter):
    """Renders a record; an exception is its type and where it came from, never its message.

    The message of a foreign error may quote what somebody wrote.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{record.msecs:03.0f}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _ours(record) if _is_ours(record) else _foreign(record),
        }
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["at_code"] = _frames(record.exc_info[2])
        return json.dumps(line, default=_plain)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] == "careline"


def _ours(record: logging.LogRecord) -> str:
    """Our own message, in which a foreign error is its type."""
    if isinstance(record.args, tuple) and record.args:
        return str(record.msg) % tuple(_plain(a) if _is_foreign(a) else a for a in record.args)
    return str(_plain(record.msg)) if _is_foreign(record.msg) else record.getMessage()


def _foreign(record: logging.LogRecord) -> str:
    """The constant part of a library's message.

    One without arguments may be finished, with somebody's words in it: then only the place that
    logged it is told.
    """
    if isinstance(record.msg, str) and record.args:
        return record.msg
    return f"{record.module}:{record.lineno}"


def _is_foreign(value: object) -> bool:
    return isinstance(value, BaseException) and not isinstance(value, CarelineError)


def _plain(value: object) -> object:
    return type(value).__name__ if _is_foreign(value) else str(value)


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-4:]
    return [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in frames]


def set_up_logs(level: str, *, stream: TextIO = sys.stderr) -> None:
    """Send every log through the formatter; libraries speak from warnings upwards."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("careline").setLevel(level.upper())
    for library in ("procrastinate", "aiohttp.access", "psycopg.pool"):
        logging.getLogger(library).setLevel(logging.ERROR)
