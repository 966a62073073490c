"""One event of the audit, and the digest that binds it to the one before."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, NamedTuple

GENESIS = "0" * 64
"""What the first event follows."""

Kind = Literal[
    "screened", "amended", "listed", "opened", "signed", "overridden", "exported", "replayed",
    "held", "released", "purged", "key_created", "key_revoked", "rulebook_loaded",
]  # fmt: skip


class Entry(NamedTuple):
    """What happened, as whoever appends it says it: codes, ids, digests and counts, never words of a case.

    Attributes:
        actor: the id of the key that asked; ``local`` where no key was needed.
        subject: the id of the screening, the key or the rulebook it is about.
        details: further codes, by name.
    """

    kind: Kind
    tenant: str
    actor: str
    subject: str
    input_digest: str | None = None
    rulebook_digest: str | None = None
    engine: str | None = None
    details: dict[str, Any] | None = None


class Event(NamedTuple):
    """An entry in its place: the ``number``-th of its chain, at what time, after which other.

    ``digest`` is SHA-256 over all of it, ``previous`` (the digest of the event before) included.
    """

    number: int
    at: str
    entry: Entry
    previous: str
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, one flat object."""
        return {**_content(self.number, self.at, self.entry, self.previous), "digest": self.digest}


def _content(number: int, at: str, entry: Entry, previous: str) -> dict[str, Any]:
    return {"number": number, "at": at, **entry._asdict(), "previous": previous}


def digest_of(number: int, at: str, entry: Entry, previous: str) -> str:
    """Return SHA-256 over an event, in hexadecimal."""
    content = _content(number, at, entry, previous)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def bound(number: int, at: str, entry: Entry, previous: str) -> Event:
    """Return an entry as the event that follows the one of digest ``previous``."""
    return Event(number, at, entry, previous, digest_of(number, at, entry, previous))
