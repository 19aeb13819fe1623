"""Alembic's entry: runs revisions on the connection it is given, within that transaction."""

from alembic import context

from bot.store.keyring import Keyring
from bot.store.tables import Tables

_SHAPE_ONLY = Keyring({1: bytes(32)}, pepper=bytes(1))  # nothing is sealed by a migration

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Tables(_SHAPE_ONLY).metadata,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
