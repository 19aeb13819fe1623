"""The fake proposals do what the suite says."""

import pytest
from typing_extensions import override

from tests.conformance.proposals_suite import NOW, ProposalsSuite
from tests.fakes.proposals import FakeProposals


class TestFakeProposals(ProposalsSuite):
    @pytest.fixture
    @override
    def proposals(self) -> FakeProposals:
        return FakeProposals()

    @pytest.fixture
    @override
    def lessons(self, proposals: FakeProposals) -> FakeProposals:
        return proposals


async def test_ended_handoffs_are_read_once():
    fake = FakeProposals()
    fake.ended["h1"] = NOW
    assert await fake.unread(since=NOW.replace(hour=8), limit=9) == ("h1",)
    await fake.propose("handoff:h1", (), at=NOW)
    assert await fake.unread(since=NOW.replace(hour=8), limit=9) == ()
