"""A stored screening as the JSON document that every face gives out, and as the audit names it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from imr_rules.server.audit import Entry
from imr_rules.server.audit.event import Kind
from imr_rules.server.keys import Actor
from imr_rules.server.messages import AmendmentDone, HumanReview, ScreeningHead
from imr_rules.server.store.screenings import StoredScreening
from imr_rules.server.store.signoffs import Signed


def as_json(data: Any) -> bytes:
    """Return plain data as JSON, the way it is stored and sent."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def event(kind: Kind, actor: Actor, kept: StoredScreening, details: dict[str, Any] | None = None) -> Entry:
    """Return what the audit is told of something done about a stored screening."""
    return Entry(
        kind, actor.tenant, actor.id, kept.id, kept.input_digest, kept.rulebook_digest, kept.engine, details
    )


def document(kept: StoredScreening, signed: Sequence[Signed] = ()) -> bytes:
    """Return a screening with what was done about it since, as JSON.

    The answer itself, under ``screening``, goes in byte for byte as it was made; so do the sign-offs.
    """
    head = ScreeningHead(
        id=kept.id,
        version=kept.version,
        created=kept.created,
        case=kept.case_id,
        human_review=HumanReview.of(kept.items),
        amends=kept.amends,
        amendment=None if kept.amendment is None else AmendmentDone(**json.loads(kept.amendment)),
        amended_by=kept.amended_by,
    )
    signoffs = b",".join(each.content for each in signed)
    return head.to_json()[:-1] + b',"signoffs":[' + signoffs + b'],"screening":' + kept.result + b"}"
