"""Replies kept for their idempotency keys."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from imr_rules.errors import IdempotencyError, Problem
from imr_rules.server.store import tables
from imr_rules.server.store.screenings import pack, unpack


class Once(NamedTuple):
    """A request that is to be done once: its tenant, its idempotency key and itself, both as SHA-256."""

    tenant: str
    key: str
    request: str

    @classmethod
    def of(cls, tenant: str, key: str, *request: bytes) -> Once:
        """Return the key and the parts of a request that must be the same, digested."""
        total = hashlib.sha256()
        for part in request:
            total.update(b"%d " % len(part) + part)
        return cls(tenant, hashlib.sha256(key.encode()).hexdigest(), total.hexdigest())

    def part(self, name: str, *request: bytes) -> Once:
        """Return a part of this request, to be done once by itself."""
        return Once.of(self.tenant, f"{self.key} {name}", self.request.encode(), *request)


class Reply(NamedTuple):
    """What was answered: the screening it is about, the version that made, and the body."""

    screening: str
    version: int
    body: bytes


_FOUND = select(tables.replies).where(
    tables.replies.c.tenant == bindparam("tenant_"), tables.replies.c.key == bindparam("key_")
)


def recall(connection: Connection, once: Once | None) -> Reply | None:
    """Return what was answered to this request before, or None, as for one that is not to be done once.

    Raises:
        IdempotencyError: the key was used for another request.
    """
    if once is None:
        return None
    row = connection.execute(_FOUND, {"tenant_": once.tenant, "key_": once.key}).first()
    if row is None:
        return None
    if row.request != once.request:
        hint = "a new request needs a new Idempotency-Key"
        raise IdempotencyError(Problem("key-reused", "this key was used for another request", hint=hint))
    return Reply(row.screening, row.version, unpack(row.body))


def keep(connection: Connection, answered: Sequence[tuple[Once, Reply]], at: str) -> None:
    """Keep replies for their keys."""
    rows = [
        {
            **once._asdict(),
            "screening": reply.screening,
            "version": reply.version,
            "created": at,
            "body": pack(reply.body),
        }
        for once, reply in answered
    ]
    if rows:
        connection.execute(insert(tables.replies), rows)


def forget(connection: Connection, before: str) -> int:
    """Forget replies kept since before a time; return how many."""
    return connection.execute(delete(tables.replies).where(tables.replies.c.created < before)).rowcount
