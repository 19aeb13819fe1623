"""The embedded PostgreSQL, for real."""
