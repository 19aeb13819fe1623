"""Nothing that people said or are called can be read in a table or in an error."""

import traceback
from dataclasses import replace

import pytest
import sqlalchemy.exc
from sqlalchemy import String, cast, literal_column, select, text

from bot.domain.contact import Person
from bot.domain.conversation import Compose
from bot.domain.errors import SettingsError
from bot.domain.message import Address, Receipt, Sender, Text
from bot.domain.skill import PendingSkill
from bot.store.database import Database
from bot.store.keyring import Keyring
from bot.store.postgres import PostgresStore
from bot.store.proposals import PostgresProposals
from bot.store.staff import PostgresStaffBook
from tests.conformance.proposals_suite import proposal
from tests.conformance.store_words import NOW, conversation, event, handoff, reply, said
from tests.fakes.clock import FakeClock
from tests.integration.store.conftest import DEFERRAL

pytestmark = pytest.mark.integration

CANARY = "kanarienvogel-7391"
ROOM = Address(channel="web", account="shop", room=CANARY, thread=CANARY)
WORDS = (Text(text=f"my name is {CANARY}"),)


async def fill(store: PostgresStore) -> None:
    """A row with the canary in every table that keeps people's words."""
    asked = replace(
        event(CANARY, address=ROOM, parts=WORDS), sender=Sender(handle=CANARY), trace="t"
    )
    called = replace(handoff("h1"), summary=CANARY, claimed_name=CANARY, tried=(CANARY,))
    pending = PendingSkill(skill="order", asker=CANARY, slots=(("order", CANARY),))
    begun = replace(conversation(address=ROOM), customers=(CANARY,), handoff=called)
    line = replace(said(CANARY), parts=WORDS, name=CANARY, asker=CANARY)
    row = replace(reply(CANARY, address=ROOM), parts=WORDS, only_for=CANARY, author_name=CANARY)
    async with store.transaction() as t:
        await t.events.add(asked)
        await t.conversations.add(replace(begun, pending=pending))
        await t.transcript.add("c1", [line])
        await t.outbox.add("c1", [row])
        claimed = await t.outbox.claim(t.room(ROOM), NOW)
        assert claimed is not None
        receipt = Receipt(message_id=CANARY, sent_at=NOW)
        await t.outbox.settle(claimed.id, "sent", receipt=receipt)
        await t.composing.add(
            Compose(
                id="p1",
                conversation="c1",
                version=1,
                question=CANARY,
                passages=(),
                trace="t",
                asker=CANARY,
            )
        )
        await t.feed.add(ROOM, CANARY, CANARY.encode())
    person = Person(id="ada", name=CANARY, email=CANARY, phone=CANARY, addresses=(ROOM,))
    await PostgresStaffBook(store.database, FakeClock()).put(person)
    gap = replace(proposal(), questions=(CANARY,), answer=CANARY, told_by=CANARY)
    await PostgresProposals(store.database).propose("handoff:h1", [gap], at=NOW)


async def test_no_column_can_be_read(database: Database):
    await fill(PostgresStore(database, DEFERRAL))
    hidden = (CANARY, CANARY.encode().hex())
    filled = set()
    async with database.begin() as connection:
        for name, table in database.tables.metadata.tables.items():
            whole = select(cast(literal_column(name), String)).select_from(table)
            for row in (await connection.execute(whole)).scalars():
                filled.add(name)
                assert not any(secret in row for secret in hidden), name
    assert filled >= {
        "events",
        "conversations",
        "handoffs",
        "messages",
        "outbox",
        "composes",
        "feed",
        "staff",
        "proposals",
    }


async def test_errors_do_not_quote(database: Database):
    store = PostgresStore(database, DEFERRAL)
    unknown = replace(reply(CANARY, address=ROOM), parts=WORDS)
    too_late = replace(event(CANARY, parts=WORDS), trace=f"{CANARY}\0")

    async def break_a_reference() -> None:
        async with store.transaction() as t:
            await t.outbox.add("nobody", [unknown])

    async def break_a_value() -> None:
        async with store.transaction() as t:
            await t.events.add(too_late)

    for act in (break_a_reference, break_a_value):
        with pytest.raises(sqlalchemy.exc.DBAPIError) as caught:
            await act()
        assert CANARY not in "".join(traceback.format_exception(caught.value))


async def test_another_key_ring_opens_nothing(database: Database, clean_url: str):
    await fill(PostgresStore(database, DEFERRAL))
    stranger = Database(clean_url, Keyring({1: bytes(32)}, pepper=b"pepper of the tests"))
    async with PostgresStore(stranger, DEFERRAL).transaction() as t:
        with pytest.raises(SettingsError):
            await t.conversations.get("c1")
    await stranger.close()


async def test_a_rotated_key_ring_opens_the_old_and_seals_with_the_new(
    database: Database, clean_url: str
):
    await fill(PostgresStore(database, DEFERRAL))
    keys = {1: bytes(range(32)), 2: bytes(32)}
    rotated = Database(clean_url, Keyring(keys, pepper=b"pepper of the tests"))
    async with PostgresStore(rotated, DEFERRAL).transaction() as t:
        known = await t.conversations.at(ROOM)
        assert known is not None
        await t.conversations.save(known)
    async with rotated.begin() as connection:
        number = text("SELECT get_byte(body, 0) FROM conversations")
        assert (await connection.execute(number)).scalar_one() == 2
    await rotated.close()
