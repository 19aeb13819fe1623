"""The fake writer keeps what the port promises."""

import pytest
from typing_extensions import override

from bot.domain.errors import ConnectorError
from bot.domain.ports import Writer
from tests.conformance.writer_suite import WRITTEN, WriterSuite
from tests.fakes.writer import FakeWriter


class TestFakeWriter(WriterSuite):
    @override
    @pytest.fixture
    def writer(self) -> Writer:
        return FakeWriter(*WRITTEN)

    @override
    @pytest.fixture
    def failing(self) -> Writer:
        return FakeWriter(WRITTEN[0], ConnectorError("away"))
