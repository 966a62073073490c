"""Amending: facts changed with a reason make a new screening, linked to the old one, which stays as it is."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from imr_rules.errors import CaseError, ConflictError, Place, PreconditionError, Problem
from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.messages import AmendmentDone
from imr_rules.server.store import letters, replies, screenings
from imr_rules.server.store.replies import Once, Reply
from imr_rules.server.tasks import intake, reading
from imr_rules.server.tasks.document import as_json
from imr_rules.server.tasks.intake import Amending, Stored


def amend(
    service: Service,
    actor: Actor,
    id: str,
    *,
    reason: str,
    changes: dict[str, Any],
    version: int | None = None,
    once: Once | None = None,
) -> Reply:
    """Screen a case again with some of it changed, and store that as a new screening.

    Args:
        service: the service.
        actor: who asks.
        id: the screening to amend.
        reason: why, in words.
        changes: a JSON Merge Patch (RFC 7396) of the case.
        version: which version of the screening the sender saw; None where it does not say.
        once: the request, where it is to be done once.

    Raises:
        NotFoundError, GoneError: there is no such screening.
        ConflictError: it was amended already.
        PreconditionError: it is at another version by now.
        CaseError: the changed case cannot be screened, or nothing is changed.
    """
    before = intake.answered_before(service, once)
    if before is not None:
        return before
    old = reading.look(service, actor, id).kept
    data = json.loads(old.body)
    changed = merge_patch(data, changes)
    if changed == data:
        raise CaseError(Problem("no-change", "nothing of the case is changed", Place(pointer="/changes")))
    content = AmendmentDone(reason, changes).to_json()
    at, rulebook, size = say_time(service.clock()), service.rulebooks.current, len(as_json(changed))
    amending = Amending(id, content)
    judged = service.judged(intake.prepare, rulebook, changed, size, at, actor, changed, once, amending)
    prepared = service.result(judged)

    def work(connection: Connection) -> Stored:
        before = replies.recall(connection, once)
        if before is not None:
            return Stored(before, ())
        now = screenings.find(connection, actor.tenant, id)
        if now.amended_by is not None:
            hint = f"amend {now.amended_by}, which took its place"
            raise ConflictError(Problem("amended-already", "this screening was amended already", hint=hint))
        if version is not None and version != now.version:
            raise PreconditionError(Problem("changed-meanwhile", "the screening was changed meanwhile"))
        screenings.bump_version(connection, actor.tenant, id, now.version)
        screenings.link_amendment(connection, id, prepared.kept.id)
        letters.carry(connection, id, prepared.kept.id, actor=actor.id, at=prepared.kept.created)
        return intake.store(connection, [prepared])[0]

    stored = service.store.write(work)
    intake.count(service, [stored])
    return stored.reply


def merge_patch(target: Any, patch: Any) -> Any:
    """Return ``target`` with a JSON Merge Patch applied (RFC 7396): null removes, a list replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
