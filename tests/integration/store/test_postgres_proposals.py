"""Proposals on PostgreSQL do what the suite says, and find hand-offs that have ended."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from bot.domain.contact import Person
from bot.domain.transitions import advance
from bot.store.database import Database
from bot.store.postgres import PostgresStore
from bot.store.proposals import PostgresProposals
from bot.store.shelf import PostgresShelf
from tests.conformance.proposals_suite import ProposalsSuite, accepted, proposal
from tests.conformance.store_words import NOW, conversation, handoff
from tests.integration.store.conftest import PATIENCE_S, hearing

pytestmark = pytest.mark.integration

ADA = Person(id="ada", name="Ada")


class TestPostgresProposals(ProposalsSuite):
    @pytest.fixture
    @override
    def proposals(self, database: Database) -> PostgresProposals:
        return PostgresProposals(database)

    @pytest.fixture
    @override
    async def lessons(self, database: Database) -> AsyncIterator[PostgresShelf]:
        async with hearing(database) as notices:
            yield PostgresShelf(database, notices)


async def test_decisions_are_told_to_whoever_publishes(database: Database):
    proposals = PostgresProposals(database)
    await proposals.propose("s", [proposal(), replace(proposal(), id="p2")], at=NOW)
    async with hearing(database) as notices, notices.listen("gaps") as decided:
        await proposals.decide(accepted(proposal()), was="open")
        async with asyncio.timeout(PATIENCE_S):
            while b"shop" not in await decided.wait(1):
                pass


async def test_handoffs_that_people_have_ended_are_found_once(live_store: PostgresStore):
    store, database = live_store, live_store.database
    proposals = PostgresProposals(database)
    ends = {"h1": "resolve", "h2": "cancel", "h3": None}
    for name, act in ends.items():
        opened = replace(conversation(f"c-{name}"), handoff=None)
        address = replace(opened.address, room=name)
        waiting = advance(
            replace(opened, address=address), "hand_over", now=NOW, handoff=handoff(name)
        )
        if act == "resolve":
            waiting = advance(waiting, "claim", now=NOW, by=ADA)
        moved = advance(waiting, act, now=NOW, by=ADA) if act else waiting  # type: ignore[arg-type]  # as named
        async with store.transaction() as transaction:
            await transaction.conversations.add(moved)
    day = timedelta(days=1)
    assert await proposals.unread(since=NOW - day, limit=9) == ("h1",)
    assert await proposals.unread(since=NOW + day, limit=9) == ()
    await proposals.propose("handoff:h1", (), at=NOW)
    assert await proposals.unread(since=NOW - day, limit=9) == ()
