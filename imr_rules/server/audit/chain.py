"""Appending to the chain, and reading it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from imr_rules.server.audit import tables
from imr_rules.server.audit.event import Entry, Event, Kind, bound

_HEAD = select(tables.heads.c.number, tables.heads.c.at, tables.heads.c.digest).where(tables.heads.c.id == 1)
_HEAD_HELD = _HEAD.with_for_update()
_APPEND = insert(tables.events)
_TOUCH = update(tables.heads).where(tables.heads.c.id == 1).values(number=tables.heads.c.number)
JITTER_SECONDS = 60
"""By how much the times of events that are appended together, or by two machines, may be out of order."""
_MOVE = update(tables.heads).where(tables.heads.c.id == 1)


def append(connection: Connection, entries: Iterable[Entry], at: str) -> None:
    """Append entries in the transaction of ``connection``; nobody else appends until that ends.

    Times of one moment's work come in any order, so an event is not earlier than the one before. But a clock that went
    ahead and was set right again must not stamp all that follows with its error: an event whose time is more than
    :data:`JITTER_SECONDS` behind keeps its own, and says so in its details (``clock: behind``).
    """
    number, last, digest = connection.execute(_HEAD_HELD).one()
    rows = []
    for entry in entries:
        if _behind(at, last):
            entry = entry._replace(details={**(entry.details or {}), "clock": "behind"})
            event = bound(number + 1, at, entry, digest)
        else:
            event = bound(number + 1, max(at, last), entry, digest)
        number, last, digest = event.number, event.at, event.digest
        rows.append(_as_row(event))
    if rows:
        connection.execute(_APPEND, rows)
        connection.execute(_MOVE, {"number": number, "at": last, "digest": digest})


def touch(connection: Connection) -> None:
    """Write the head of the chain as it is: what tells whether the store can be written to."""
    connection.execute(_TOUCH)


def _behind(at: str, last: str) -> bool:
    """Whether a time is so far before another that the clock must have been set."""
    if at >= last:
        return False
    return (datetime.fromisoformat(last) - datetime.fromisoformat(at)).total_seconds() > JITTER_SECONDS


def head(connection: Connection) -> tuple[int, str]:
    """Return how many events there are, and the digest of the last one."""
    number, _, digest = connection.execute(_HEAD).one()
    return number, digest


def events(
    connection: Connection, *, tenant: str | None = None, subject: str | None = None
) -> Generator[Event, None, None]:
    """Yield events in their order: all, or those of a tenant or about one subject."""
    wanted = select(tables.events).order_by(tables.events.c.number)
    if tenant is not None:
        wanted = wanted.where(tables.events.c.tenant == tenant)
    if subject is not None:
        wanted = wanted.where(tables.events.c.subject == subject)
    with connection.execution_options(yield_per=1000).execute(wanted) as rows:
        for row in rows:
            yield _from_row(row)


def _as_row(event: Event) -> dict[str, Any]:
    row = {**event.entry._asdict(), **event._asdict()}
    del row["entry"]
    details = event.entry.details
    row["details"] = None if details is None else json.dumps(details, sort_keys=True)
    return row


def _from_row(row: Row[Any]) -> Event:
    kind: Kind = row.kind
    entry = Entry(
        kind, row.tenant, row.actor, row.subject, row.input_digest, row.rulebook_digest, row.engine,
        _read_details(row.details),
    )  # fmt: skip
    return Event(row.number, row.at, entry, row.previous, row.digest)


def _read_details(text: str | None) -> Any:
    """Return the details as appended; text that was tampered with is returned as it is, and fits no digest."""
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return text
