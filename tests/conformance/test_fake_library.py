"""The fakes of library and reader do what the suites say."""

import pytest
from typing_extensions import override

from tests.conformance.library_suite import HELPDESK, SHOP, LibrarySuite
from tests.conformance.reader_suite import ReaderSuite
from tests.fakes.library import FakeLibrary
from tests.fakes.reader import FakeReader


class TestFakeReader(ReaderSuite):
    @pytest.fixture
    @override
    def reader(self) -> FakeReader:
        return FakeReader()


class TestFakeLibrary(LibrarySuite):
    @pytest.fixture
    @override
    def library(self) -> FakeLibrary:
        return FakeLibrary(shop=SHOP, it_helpdesk=HELPDESK)

    @pytest.fixture
    @override
    def reader(self) -> FakeReader:
        return FakeReader()
