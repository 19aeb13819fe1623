"""The fake keeps the port's promises."""

import pytest

from tests.conformance.files_suite import FilesSuite
from tests.fakes.files import FakeFiles


class TestFakeFiles(FilesSuite):
    @pytest.fixture
    def files(self) -> FakeFiles:
        return FakeFiles()
