"""Determinations in the store, as far as they are written: the last version of each."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from imr_rules.server.store import tables
from imr_rules.server.store.screenings import pack, unpack

__all__ = ["find", "keep"]


def keep(
    connection: Connection,
    screening: str,
    item: str,
    outcome: str,
    texts: Mapping[str, str],
    *,
    actor: str,
    at: str,
) -> None:
    """Keep what is written of an item's determination for an outcome, in place of what was written before."""
    letters = tables.letters.c
    mine = (letters.screening == screening, letters.item == item, letters.outcome == outcome)
    connection.execute(delete(tables.letters).where(*mine))
    content = pack(json.dumps(dict(texts), ensure_ascii=False).encode())
    row = {
        "screening": screening, "item": item, "outcome": outcome, "actor": actor, "written": at, "content": content,
    }  # fmt: skip
    connection.execute(insert(tables.letters), row)


def find(connection: Connection, screening: str, item: str, outcome: str) -> dict[str, str]:
    """Return what was written of an item's determination for an outcome; nothing where nobody has begun."""
    letters = tables.letters.c
    content = connection.execute(
        select(letters.content).where(
            letters.screening == screening, letters.item == item, letters.outcome == outcome
        )
    ).scalar()
    return {} if content is None else dict(json.loads(unpack(content)))
