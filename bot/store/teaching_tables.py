"""The tables of what was proposed for knowledge bases."""

from sqlalchemy import Boolean, Column, DateTime, Index, MetaData, Table, Text, text

from bot.store.sealed import Seal

UTC = DateTime(timezone=True)


def proposals(m: MetaData, sealed: Seal) -> None:
    Table(
        "proposals",
        m,
        Column("id", Text, primary_key=True),
        Column("kb", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("proposed_at", UTC, nullable=False),
        Column("pending", Boolean, nullable=False, server_default="false"),
        Column("taken_at", UTC),
        sealed("proposals.body"),
        Index("proposals_kb", "kb", "state", "proposed_at"),
        Index("proposals_pending", "kb", postgresql_where=text("pending")),
    )


def proposal_sources(m: MetaData, _sealed: Seal) -> None:
    """What has been looked through, whether or not anything was found in it."""
    Table(
        "proposal_sources",
        m,
        Column("source", Text, primary_key=True),
        Column("at", UTC, nullable=False),
    )


TABLES = (proposals, proposal_sources)
