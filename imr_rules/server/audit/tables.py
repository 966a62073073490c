"""The audit's tables: its events, and the head of their chain. The database itself refuses to change an event."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

events = Table(
    "audit_events",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("input_digest", String(71)),
    Column("rulebook_digest", String(71)),
    Column("engine", Text),
    Column("details", Text),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("audit_events_of_a_subject", "subject"),
)

heads = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("at", String(27), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""One row: where the chain ends. Whoever appends holds it, so that there is one end."""
