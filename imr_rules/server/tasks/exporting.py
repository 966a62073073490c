"""Exporting a signed override as a candidate fixture, for those who edit the guidelines."""

from __future__ import annotations

import json
from typing import Any

import yaml

from imr_rules.case import OUTCOME_OF
from imr_rules.errors import ConflictError, Problem
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.tasks.document import event
from imr_rules.server.tasks.reading import look, note


def fixture_candidate(service: Service, actor: Actor, id: str) -> str:
    """Return the case of a screening with an overridden item as a case file that says what was signed.

    It holds the suggestion that was overridden as the answer to get today, the physician's outcome beside it, and
    the code of the reason. The sender's own id of the case and the physician's words stay behind; an editor
    reads the rest for what must not leave either, and then decides what the answer should be.

    Raises:
        NotFoundError, GoneError: there is no such screening.
        ConflictError: no item of it was overridden.
    """
    found = look(service, actor, id)
    last = {signed.item: json.loads(signed.content) for signed in found.signed}
    overridden = {item: each for item, each in last.items() if each["position"] == "override"}
    if not overridden:
        hint = "only a signed override is of use to those who edit the guidelines"
        raise ConflictError(
            Problem("no-override", "no item of this screening is signed as an override", hint=hint)
        )
    case: dict[str, Any] = json.loads(found.kept.body)
    for key in ("case", "about", "expect"):
        case.pop(key, None)
    case = {"about": f"Candidate fixture: a physician overrode the suggestion of screening {id}.", **case}
    case["expect"] = {
        "items": {
            item: {
                "suggestion": each["suggestion"],
                "outcome": OUTCOME_OF[each["outcome"]],
                "differs": f"overridden: {each['reason_code']}",
            }
            for item, each in overridden.items()
        }
    }
    note(service, event("exported", actor, found.kept, {"format": "fixture"}))
    return yaml.safe_dump(case, sort_keys=False, allow_unicode=True, width=110)
