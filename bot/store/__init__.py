"""PostgreSQL behind the storage ports: SQLAlchemy Core over psycopg, sealed columns, migrations."""
