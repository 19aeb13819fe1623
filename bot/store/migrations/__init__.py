"""The history of the schema, as Alembic revisions; `bot.store.migrate` runs them."""
