"""The fake installs do what the suite says."""

import pytest

from tests.conformance.installs_suite import InstallsSuite
from tests.fakes.installs import FakeInstalls


class TestFakeInstalls(InstallsSuite):
    @pytest.fixture
    def installs(self) -> FakeInstalls:
        return FakeInstalls()
