"""PostgreSQL under the data folder: the database of an installation that names no other."""

from bot.store.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
