"""API keys in the store; of a key itself, only its SHA-256."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, and_, insert, select, update

from imr_rules.server.store import tables


class Key(NamedTuple):
    """A key: whose it is, what it may do, and until when."""

    id: str
    tenant: str
    name: str
    scopes: tuple[str, ...]
    secret: str
    created: str
    expires: str | None = None
    revoked: str | None = None
    replaces: str | None = None

    def valid(self, now: str) -> bool:
        """Whether the key opens anything at a time."""
        return (self.expires is None or now < self.expires) and (self.revoked is None or now < self.revoked)


def add(connection: Connection, key: Key) -> None:
    """Add a key."""
    connection.execute(insert(tables.keys), {**key._asdict(), "scopes": " ".join(key.scopes)})


def every(connection: Connection) -> list[Key]:
    """Return every key there ever was, oldest first."""
    rows = connection.execute(select(tables.keys).order_by(tables.keys.c.created, tables.keys.c.id))
    return [
        Key(
            row.id, row.tenant, row.name, tuple(row.scopes.split()), row.secret, row.created, row.expires,
            row.revoked, row.replaces,
        )
        for row in rows
    ]  # fmt: skip


def revoke(connection: Connection, id: str, at: str) -> bool:
    """Revoke a key from a time on; return whether there is one of this id that still opens something then."""
    keys = tables.keys.c
    valid = and_(keys.id == id, keys.revoked.is_(None) | (keys.revoked > at))
    return connection.execute(update(tables.keys).where(valid).values(revoked=at)).rowcount == 1
