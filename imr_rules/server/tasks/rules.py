"""What is judged by: rulebooks, and the facts of a treatment."""

from __future__ import annotations

from typing import Any

from imr_rules.errors import NotFoundError, Problem, nearest
from imr_rules.rulebook.overview import fact_as_data, guideline_as_data
from imr_rules.server.context import Service
from imr_rules.server.store import archive

__all__ = ["facts", "rulebook", "rulebooks"]


def rulebooks(service: Service) -> dict[str, Any]:
    """Return every rulebook that ever answered here, the newest first, and which one answers now."""
    with service.store.reading() as connection:
        found = archive.archived(connection)
    current = service.rulebooks.current.digest
    return {"rulebooks": [{**each._asdict(), "current": each.digest == current} for each in found]}


def rulebook(service: Service, digest: str) -> dict[str, Any]:
    """Return the guidelines of a rulebook.

    Raises:
        NotFoundError: none of this digest ever answered here.
    """
    found = service.rulebooks.get(digest)
    return {
        "digest": found.digest,
        "version": found.version,
        "current": found.digest == service.rulebooks.current.digest,
        "guidelines": [guideline_as_data(each) for each in found.guidelines.values()],
    }


def facts(service: Service, treatment: str) -> dict[str, Any]:
    """Return the facts that rules on a treatment ask for, in the order a form should ask.

    Raises:
        NotFoundError: the vocabulary has no such treatment.
    """
    current = service.rulebooks.current
    known = current.vocabulary.treatments
    if treatment not in known:
        hint = nearest(treatment, known) or "imr-rules schema case lists them"
        raise NotFoundError(Problem("unknown-treatment", "there is no such treatment", hint=hint))
    return {
        "treatment": treatment,
        "label": known[treatment].label,
        "unit": known[treatment].unit,
        "rulebook": {"digest": current.digest, "version": current.version},
        "facts": [fact_as_data(each) for each in current.facts_for(known[treatment])],
    }
