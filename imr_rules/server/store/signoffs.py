"""Sign-offs in the store."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from imr_rules.server.store import tables
from imr_rules.server.store.screenings import pack, unpack


class Signed(NamedTuple):
    """A sign-off: which item of which screening, the version it made, and its content as JSON."""

    id: str
    screening: str
    version: int
    item: str
    content: bytes


def add(connection: Connection, signed: Signed) -> None:
    """Add a sign-off."""
    row = {**signed._asdict(), "content": pack(signed.content)}
    connection.execute(insert(tables.signoffs), row)


def of_screening(connection: Connection, screening: str) -> tuple[Signed, ...]:
    """Return the sign-offs of a screening in the order they were given."""
    signoffs = tables.signoffs.c
    rows = connection.execute(
        select(tables.signoffs).where(signoffs.screening == screening).order_by(signoffs.version)
    )
    return tuple(Signed(row.id, row.screening, row.version, row.item, unpack(row.content)) for row in rows)
