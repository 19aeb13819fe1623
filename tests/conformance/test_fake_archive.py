"""The fake archive does what the suite says."""

import pytest
from typing_extensions import override

from tests.conformance.archive_suite import ArchiveSuite
from tests.fakes.shelf import FakeArchive, FakeShelf


class TestFakeArchive(ArchiveSuite):
    @pytest.fixture
    @override
    def shelf(self) -> FakeShelf:
        return FakeShelf()

    @pytest.fixture
    @override
    def archive(self, shelf: FakeShelf) -> FakeArchive:
        return FakeArchive(shelf)
