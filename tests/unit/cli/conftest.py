"""A command sets up the logs of its process; here that is the tests' own."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    names = (None, "careline", "procrastinate", "aiohttp.access", "psycopg.pool")
    loggers = [logging.getLogger(name) for name in names]
    levels, handlers = [one.level for one in loggers], loggers[0].handlers
    yield
    loggers[0].handlers = handlers
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)
