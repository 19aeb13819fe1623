"""Nothing in the core may block the loop."""

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx


@pytest.fixture(autouse=True, scope="package")
def no_blocking() -> Iterator[BlockBuster]:
    with blockbuster_ctx("bot") as buster:
        yield buster
