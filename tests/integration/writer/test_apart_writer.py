"""The writer in a process of its own keeps what the port promises, over the real clients."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from typing_extensions import override

from bot.writer.apart import ApartWriter, writing_apart
from tests.conformance.writer_suite import WriterSuite
from tests.doubles.model_server import ModelServer
from tests.support.writing import Way, config_at, suited_server

pytestmark = pytest.mark.integration


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with suited_server() as serving:
        yield serving


class TestApartWriter(WriterSuite):
    @override
    @pytest.fixture
    async def writer(self, server: ModelServer) -> AsyncIterator[ApartWriter]:
        async with writing_apart(config_at(server.base, Way("openai", "json_schema"))) as apart:
            assert apart is not None
            await apart.ready()
            yield apart

    @override
    @pytest.fixture
    async def failing(self, server: ModelServer, writer: ApartWriter) -> Any:
        server.faults = ["dropped"]
        return writer
