"""A stored screening as the JSON document that every face gives out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from imr_rules.server.store.screenings import Item, StoredScreening, Summary
from imr_rules.server.store.signoffs import Signed

__all__ = ["as_json", "document", "review_status", "summary"]


def as_json(data: Any) -> bytes:
    """Return plain data as JSON, the way it is stored and sent."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def document(kept: StoredScreening, signed: Sequence[Signed] = ()) -> bytes:
    """Return a screening with what was done about it since, as JSON.

    The answer itself, under ``screening``, goes in byte for byte as it was made.
    """
    amendment = None if kept.amendment is None else json.loads(kept.amendment)
    head = {
        "id": kept.id,
        "version": kept.version,
        "created": kept.created,
        "case": kept.case_id,
        "decision_support_only": True,
        "human_review": {"required": True, "status": review_status(kept.items)},
        "amends": kept.amends,
        "amendment": amendment,
        "amended_by": kept.amended_by,
    }
    signoffs = b",".join(each.content for each in signed)
    return as_json(head)[:-1] + b',"signoffs":[' + signoffs + b'],"screening":' + kept.result + b"}"


def review_status(items: Sequence[Item]) -> str:
    """Return how far the items are signed: ``pending``, ``partly_signed`` or ``signed``."""
    done = sum(item.outcome is not None for item in items)
    return "pending" if done == 0 else "signed" if done == len(items) else "partly_signed"


def summary(found: Summary) -> dict[str, Any]:
    """Return a line of a list as plain data."""
    return {
        "id": found.id,
        "version": found.version,
        "created": found.created,
        "case": found.case_id,
        "items": [item._asdict() for item in found.items],
        "human_review": {
            "required": True,
            "status": "purged" if found.purged else review_status(found.items),
        },
        "amends": found.amends,
        "amended_by": found.amended_by,
        "input_digest": found.input_digest,
        "rulebook_digest": found.rulebook_digest,
        "purged": found.purged,
    }
