"""Replaying: the same input by the rulebook of then and by the one of now, side by side."""

from __future__ import annotations

import json
from typing import Any

from imr_rules.case import Case
from imr_rules.errors import CaseError
from imr_rules.rulebook import Rulebook
from imr_rules.screening import Screening, rulebook_name, screen
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.messages import Change, Compared, Replay, ReplayNow, ReplayThen
from imr_rules.server.store.screenings import StoredScreening
from imr_rules.server.tasks.document import event
from imr_rules.server.tasks.reading import look, note, of_stored


def replay(service: Service, actor: Actor, id: str) -> Replay:
    """Screen a stored case again, by its own rulebook and by the one in use now; nothing stored is changed.

    ``then.stored`` is the answer as it was made; ``then.reproduced`` says whether this release's engine still gives
    it, to the byte. ``now.screening`` is None where the case cannot be screened by the rulebook of now, and
    ``now.problems`` says why.

    Raises:
        NotFoundError, GoneError: there is no such screening.
    """
    kept = look(service, actor, id).kept
    again = of_stored(service, kept, _screened)
    current, data = service.rulebooks.current, json.loads(kept.body)
    stored = json.loads(kept.result)
    now: Screening | None = None
    problems: tuple[str, ...] = ()
    try:
        now = service.result(service.judged(_screened, current, data, len(kept.body), kept))
    except CaseError as error:
        problems = tuple(problem.code for problem in error.problems)
    changes = _changes(stored, now) if now else ()
    replayed = event("replayed", actor, kept, {"now": current.digest, "changed": len(changes)})
    note(service, replayed._replace(engine=again.engine))
    return Replay(
        id=id,
        input_digest=kept.input_digest,
        same_rulebook=current.digest == kept.rulebook_digest,
        then=ReplayThen(again.rulebook, again.to_json() == kept.result, stored),
        now=ReplayNow(rulebook_name(current), now, problems),
        changes=changes,
    )


def _screened(rulebook: Rulebook, kept: StoredScreening) -> Screening:
    return screen(Case.from_data(json.loads(kept.body)), rulebook)


def _changes(then: dict[str, Any], now: Screening) -> tuple[Change, ...]:
    """Return, for each item whose suggestion, grounds or reasons differ, what they were and are."""
    compared = [
        (
            new.item,
            Compared(old["suggestion"], tuple(old["grounds"]), tuple(old["review_reasons"])),
            Compared(new.suggestion, new.grounds, new.review_reasons),
        )
        for old, new in zip(then["items"], now.items, strict=True)
    ]
    return tuple(Change(item, old, new) for item, old, new in compared if old != new)
