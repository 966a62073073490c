"""The tables, those that may be about a person apart from the others.

``records``, ``items``, ``worklist``, ``signoffs``, ``letters``, ``signed_letters`` and ``replies`` are emptied by a
purge; ``screenings`` and the audit's own tables are not, and hold digests, codes and times alone. Times are RFC 3339 texts in UTC, which sort as the moments do on every database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")

screenings = Table(
    "screenings",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("tenant", String(64), nullable=False),
    Column("created", String(27), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("input_digest", String(71), nullable=False),
    Column("rulebook_digest", String(71), nullable=False),
    Column("engine", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("amends", String(32)),
    Column("amended_by", String(32)),
    Column("held", Boolean, nullable=False),
    Column("purged", String(27)),
    Index("screenings_of_a_tenant", "tenant", "number"),
    sqlite_autoincrement=True,
)
"""One row a screening. ``version`` grows with each sign-off and amendment; ``held`` keeps it from a purge."""

records = Table(
    "records",
    metadata,
    Column("screening", String(32), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("case_id", String(64)),
    Column("body", LargeBinary, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("amendment", LargeBinary),
    Index("records_of_a_case", "tenant", "case_id"),
)
"""The case as it was sent, the answer it got, and why it was amended: compressed JSON."""

items = Table(
    "items",
    metadata,
    Column("screening", String(32), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("item", String(64), nullable=False),
    Column("treatment", String(64)),
    Column("suggestion", String(16), nullable=False),
    Column("outcome", String(16)),
)
"""Each disputed item: what was suggested, and what was signed last."""

signoffs = Table(
    "signoffs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("screening", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("item", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("signoffs_of_a_screening", "screening", "version"),
)
"""Sign-offs as they were given, in the order of ``version``; a later one of the same item replaces nothing."""

letters = Table(
    "letters",
    metadata,
    Column("screening", String(32), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("written", String(27), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Determinations as far as they are written: what a reviewer changed of the draft, as compressed JSON.

``revision`` grows each time one is kept.
"""

signed_letters = Table(
    "signed_letters",
    metadata,
    Column("screening", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", String(71), nullable=False),
    Column("signed", String(27), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Determinations as they were signed, whole, by the version of the screening that the sign-off made; never changed."""

worklist = Table(
    "worklist",
    metadata,
    Column("screening", String(32), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("due", String(10)),
    Column("words", Text, nullable=False),
    Index("worklist_of_a_tenant", "tenant", "due"),
)
"""What the worklist is ordered and searched by: the day a case is apparently due, and its words in small letters."""

replies = Table(
    "replies",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("screening", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", String(27), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("replies_about_a_screening", "screening"),
    Index("replies_by_age", "created"),
)
"""What was answered to each idempotency key: both it and the request are kept as SHA-256."""

rulebooks = Table(
    "rulebooks",
    metadata,
    Column("digest", String(71), primary_key=True),
    Column("version", Text, nullable=False),
    Column("added", String(27), nullable=False),
    Column("files", LargeBinary, nullable=False),
)
"""Every rulebook that ever answered, whole, so that what it answered can be replayed."""

keys = Table(
    "keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret", String(64), nullable=False, unique=True),
    Column("created", String(27), nullable=False),
    Column("expires", String(27)),
    Column("revoked", String(27)),
    Column("replaces", String(16)),
)
"""API keys; ``secret`` is the SHA-256 of a key, never the key."""
