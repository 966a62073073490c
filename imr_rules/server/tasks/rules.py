"""What is judged by: rulebooks, and the facts of a treatment."""

from __future__ import annotations

from imr_rules.errors import NotFoundError, Problem, nearest
from imr_rules.rulebook.overview import FactShown, GuidelineShown
from imr_rules.screening import rulebook_name
from imr_rules.server.context import Service
from imr_rules.server.messages import FactList, ListedRulebook, RulebookList, RulebookShown
from imr_rules.server.store import archive


def rulebooks(service: Service) -> RulebookList:
    """Return every rulebook that ever answered here, the newest first, and which one answers now."""
    with service.store.reading() as connection:
        found = archive.archived(connection)
    current = service.rulebooks.current.digest
    return RulebookList(tuple(ListedRulebook(*each, each.digest == current) for each in found))


def rulebook(service: Service, digest: str) -> RulebookShown:
    """Return the guidelines of a rulebook.

    Raises:
        NotFoundError: none of this digest ever answered here.
    """
    found = service.rulebooks.get(digest)
    return RulebookShown(
        digest=found.digest,
        version=found.version,
        current=found.digest == service.rulebooks.current.digest,
        guidelines=tuple(map(GuidelineShown.of, found.guidelines.values())),
    )


def facts(service: Service, treatment: str) -> FactList:
    """Return the facts that rules on a treatment ask for, in the order a form should ask.

    Raises:
        NotFoundError: the vocabulary has no such treatment.
    """
    current = service.rulebooks.current
    known = current.vocabulary.treatments
    if treatment not in known:
        hint = nearest(treatment, known) or "GET /openapi.json lists them, in the schema CaseCourse"
        raise NotFoundError(Problem("unknown-treatment", "there is no such treatment", hint=hint))
    return FactList(
        treatment=treatment,
        label=known[treatment].label,
        unit=known[treatment].unit,
        rulebook=rulebook_name(current),
        facts=tuple(map(FactShown.of, current.facts_for(known[treatment]))),
    )
