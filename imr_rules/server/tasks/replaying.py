"""Replaying: the same input by the rulebook of then and by the one of now, side by side."""

from __future__ import annotations

import json
from typing import Any

from imr_rules.case import Case
from imr_rules.errors import CaseError
from imr_rules.screening import Screening, screen
from imr_rules.server.audit import Entry
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.tasks.reading import look, note

__all__ = ["replay"]


def replay(service: Service, actor: Actor, id: str) -> dict[str, Any]:
    """Screen a stored case again, by its own rulebook and by the one in use now; nothing stored is changed.

    ``then.stored`` is the answer as it was made; ``then.reproduced`` says whether this release's engine still gives
    it, to the byte. ``now.screening`` is None where the case cannot be screened by the rulebook of now, and
    ``now.problems`` says why.

    Raises:
        NotFoundError, GoneError: there is no such screening.
    """
    kept = look(service, actor, id).kept
    case = Case.from_data(json.loads(kept.body))
    again = screen(case, service.rulebooks.get(kept.rulebook_digest))
    current = service.rulebooks.current
    stored = json.loads(kept.result)
    now: Screening | None = None
    problems: list[str] = []
    try:
        now = screen(case, current)
    except CaseError as error:
        problems = [problem.code for problem in error.problems]
    found = now.to_dict() if now else None
    changes = _changes(stored, found) if found else []
    note(
        service,
        Entry(
            "replayed", actor.tenant, actor.id, id, kept.input_digest, kept.rulebook_digest,
            again.engine, {"now": current.digest, "changed": len(changes)},
        ),
    )  # fmt: skip
    return {
        "id": id,
        "input_digest": kept.input_digest,
        "same_rulebook": current.digest == kept.rulebook_digest,
        "then": {
            "rulebook": {"digest": kept.rulebook_digest, "version": again.rulebook.version},
            "reproduced": again.to_json() == kept.result,
            "stored": stored,
        },
        "now": {
            "rulebook": {"digest": current.digest, "version": current.version},
            "screening": found,
            "problems": problems,
        },
        "changes": changes,
    }


def _changes(then: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """Return, for each item whose suggestion, grounds or reasons differ, what they were and are."""
    compared = ("suggestion", "grounds", "review_reasons")
    return [
        {
            "item": old["item"],
            "then": {name: old[name] for name in compared},
            "now": {name: new[name] for name in compared},
        }
        for old, new in zip(then["items"], now["items"], strict=True)
        if any(old[name] != new[name] for name in compared)
    ]
