"""A service that answers a writer with what the suite wants written."""

from collections.abc import AsyncIterator

import pytest

from tests.conformance.writer_suite import WRITTEN
from tests.doubles.model_server import ModelServer, model_server

NAMES = {"returns": "a1", "paying": "a2"}


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as serving:
        serving.answer = {
            "sentences": [
                {"text": one.text, "sources": [NAMES[name] for name in one.cites]}
                for one in WRITTEN
            ]
        }
        yield serving
