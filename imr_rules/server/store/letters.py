"""Determinations in the store: as far as they are written, and as they were signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from imr_rules.errors import PreconditionError, Problem
from imr_rules.server.store import tables
from imr_rules.server.store.screenings import pack, unpack


class Written(NamedTuple):
    """What a reviewer changed of a draft, by the name of each text, and how often it was kept."""

    revision: int
    texts: dict[str, str]


class SignedLetter(NamedTuple):
    """A letter as it was signed: the version of the screening that made it, its digest and its content."""

    version: int
    digest: str
    signed: str
    content: bytes


def keep(
    connection: Connection,
    screening: str,
    texts: Mapping[str, str],
    *,
    revision: int | None,
    actor: str,
    at: str,
) -> int:
    """Keep what is written of a determination in place of what was; return its new revision.

    Args:
        connection: in a transaction.
        screening: whose letter it is.
        texts: what the reviewer changed of the draft.
        revision: the one that was changed; None to write over any.
        actor, at: who keeps it, and when.

    Raises:
        PreconditionError: somebody else, or another window, kept another one meanwhile.
    """
    before = find(connection, screening)
    if before.revision and dict(texts) == before.texts:
        return before.revision  # nothing is lost, whoever kept it
    if revision is not None and revision != before.revision:
        hint = "load it again, or keep yours in its place"
        raise PreconditionError(
            Problem("letter-changed", "the letter was changed in another window", hint=hint)
        )
    connection.execute(delete(tables.letters).where(tables.letters.c.screening == screening))
    content = pack(json.dumps(dict(texts), ensure_ascii=False).encode())
    row = {
        "screening": screening, "revision": before.revision + 1, "actor": actor, "written": at, "content": content,
    }  # fmt: skip
    connection.execute(insert(tables.letters), row)
    return before.revision + 1


def find(connection: Connection, screening: str) -> Written:
    """Return what was written of a determination; revision 0 and nothing where nobody has begun."""
    letters = tables.letters.c
    row = connection.execute(
        select(letters.revision, letters.content).where(letters.screening == screening)
    ).first()
    return Written(0, {}) if row is None else Written(row.revision, json.loads(unpack(row.content)))


def carry(connection: Connection, before: str, after: str, *, actor: str, at: str) -> None:
    """Take what was written of a letter along to the screening that amends its own.

    The guidelines and rationales are left behind: they were about other facts.
    """
    texts = find(connection, before).texts
    kept = {name: text for name, text in texts.items() if not name.endswith((":guidelines", ":rationale"))}
    if kept:
        keep(connection, after, kept, revision=None, actor=actor, at=at)


def freeze(connection: Connection, screening: str, letter: SignedLetter) -> None:
    """Add a letter as it was signed."""
    row = {**letter._asdict(), "screening": screening, "content": pack(letter.content)}
    connection.execute(insert(tables.signed_letters), row)


def signed(connection: Connection, screening: str) -> SignedLetter | None:
    """Return the letter that was signed last, or None where none was."""
    letters = tables.signed_letters.c
    row = connection.execute(
        select(tables.signed_letters)
        .where(letters.screening == screening)
        .order_by(letters.version.desc())
        .limit(1)
    ).first()
    return None if row is None else SignedLetter(row.version, row.digest, row.signed, unpack(row.content))
