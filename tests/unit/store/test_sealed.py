"""The sealed column type, without a database."""

from pydantic import TypeAdapter
from sqlalchemy import Column, MetaData, Table, select
from sqlalchemy.dialects import postgresql

from bot.domain.message import Inbound
from bot.store.keyring import Keyring
from bot.store.sealed import Sealed
from bot.store.tables import KEPT, Tables
from tests.conformance.store_words import EVERY_PART, event

RING = Keyring({1: bytes(32)}, pepper=b"p")
DIALECT = postgresql.dialect()


def test_a_value_makes_the_round_trip():
    kind: Sealed[Inbound] = Sealed(KEPT["events.body"], RING, "events.body")
    kept = event("e1", parts=EVERY_PART)
    sealed = kind.process_bind_param(kept, DIALECT)
    assert sealed is not None
    assert "東京".encode() not in sealed
    assert kind.process_result_value(sealed, DIALECT) == kept


def test_nothing_stays_nothing():
    kind: Sealed[str] = Sealed(TypeAdapter(str), RING, "p")
    assert kind.process_bind_param(None, DIALECT) is None
    assert kind.process_result_value(None, DIALECT) is None


def test_statements_of_two_key_rings_share_no_cache():
    def key(ring: Keyring) -> object:
        kind: Sealed[Inbound] = Sealed(KEPT["events.body"], ring, "events.body")
        return kind._static_cache_key

    other = Keyring({1: bytes(range(32))}, pepper=b"p")
    assert key(RING) == key(RING)
    assert key(RING) != key(other)


def test_every_sealed_column_has_its_type():
    tables = Tables(RING).metadata.tables.values()
    sealed = {f"{t.name}.{c.name}" for t in tables for c in t.c if isinstance(c.type, Sealed)}
    assert sealed == set(KEPT)


def test_statements_with_sealed_columns_can_be_cached():
    table = Table("t", MetaData(), Column("body", Sealed(TypeAdapter(str), RING, "t.body")))
    assert select(table.c.body)._generate_cache_key() is not None


def test_what_an_earlier_release_kept_is_read():
    handoff = b'{"id":"h","reason":"asked","opened_at":"2026-03-02T09:00:00Z","rung":1,"ladder":'
    handoff += b'[{"team":"support","means":"room","wait":"PT15M"}]}'
    address = b'{"channel":"web","account":"shop","room":"r"}'
    opened = b'"opened_at":"2026-03-02T09:00:00Z","holder":"waiting"'
    old = b'{"id":"c","line":"shop","address":%s,%s,"handoff":%s}' % (address, opened, handoff)
    held = KEPT["conversations.body"].validate_json(old)
    assert held.handoff.fallback is None
    assert (held.handoff.calls, held.handoff.round, held.handoff_state()) == ((), 0, "waiting")
    person = KEPT["staff.body"].validate_json(b'{"id":"ada","name":"Ada"}')
    assert person.aliases == ()
