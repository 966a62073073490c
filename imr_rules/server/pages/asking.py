"""What a form should ask about a treatment, in which order, and why each is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from imr_rules._dates import PartialDate
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import make_plan

__all__ = ["Asked", "asked_of"]

_SILENCE = {
    "against_request": "If the record is silent, that counts against the request.",
    "absent": "If nothing is said, it is taken as absent.",
    "unknown": "If nothing is said, it stays unknown.",
}


class Asked(NamedTuple):
    """One question of a form.

    Attributes:
        why: which criteria ask for it, and what silence means.
        kind: ``yes-no``, ``choice`` or ``number``.
        options: for a choice, its words.
    """

    name: str
    label: str
    asks: str
    why: str
    kind: str
    options: tuple[str, ...]


def asked_of(treatment: Treatment, rulebook: Rulebook, requested: PartialDate | None) -> tuple[Asked, ...]:
    """Return the facts that criteria on a treatment ask for; of the edition in force, where that is known."""
    every = rulebook.for_treatment(treatment)
    window = requested.window if requested else None
    guidelines = [each for each in every if window is None or each.requests.meets(*window)] or list(every)
    return tuple(_asked(list(guidelines), rulebook))


def _asked(guidelines: list[Guideline], rulebook: Rulebook) -> Iterator[Asked]:
    plan = make_plan(guidelines, rulebook.vocabulary)
    why: dict[str, dict[str, None]] = {}
    facts: dict[str, FactSpec] = {}
    for planned in plan.criteria:
        said = f"{planned.criterion.name.replace('-', ' ')} ({planned.guideline.title})"
        for shown in planned.shown:
            for name in (shown.name, *shown.rests_on):
                why.setdefault(name, {})[said] = None
                facts[name] = rulebook.vocabulary.facts[name]
    for spec in plan.facts:
        facts.setdefault(spec.name, spec)
    for spec in facts.values():
        kind = {"boolean": "yes-no", "choice": "choice", "integer": "number"}.get(spec.type.kind)
        if spec.derived or kind is None or (kind == "choice" and not spec.type.choices):
            continue
        criteria = list(why.get(spec.name, ()))
        said = "Asked by " + "; ".join(criteria[:2]) if criteria else "Asked of every request"
        more = f" and {len(criteria) - 2} more" if len(criteria) > 2 else ""
        yield Asked(
            spec.name, spec.label, spec.asks, f"{said}{more}. {_SILENCE[spec.silence]}", kind,
            tuple(sorted(spec.type.choices)),
        )  # fmt: skip
