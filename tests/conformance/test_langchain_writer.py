"""The writer of langchain keeps what the port promises, in every wire format and way of asking."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from typing_extensions import override

from bot.domain.ports import Writer
from tests.conformance.writer_suite import WriterSuite
from tests.doubles.model_server import ModelServer
from tests.support.writing import WAYS, Way, suited_server, writer_at


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with suited_server() as serving:
        yield serving


@pytest.mark.parametrize("way", WAYS, ids=str)
class TestLangchainWriter(WriterSuite):
    @override
    @pytest.fixture
    def writer(self, server: ModelServer, way: Way) -> Writer:
        return writer_at(server.base, way)

    @override
    @pytest.fixture
    def failing(self, server: ModelServer, way: Way) -> Any:
        server.faults = ["dropped"]
        return writer_at(server.base, way)
