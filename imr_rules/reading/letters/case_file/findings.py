"""What a letter says beside counts, as findings and measurements of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imr_rules.reading.letters.case_file.evidence import recorded, stated
from imr_rules.reading.letters.disciplines import same_discipline

if TYPE_CHECKING:
    from imr_rules.reading.letters.facts import Fact
    from imr_rules.reading.letters.letter import Item
    from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = ["findings_of", "measurements_of"]

# A fact of a letter -> the facts of the dictionary that it settles. Only what means the same in both is here: a
# letter that does not know of progress notes, say, does not know either whether there was progress.
_OF_THE_WORKER = {
    "flare_up": ("flare_up",),
    "home_exercise_program": ("home_program",),
    "no_remaining_deficit": ("no_remaining_deficit",),
    "homebound": ("homebound",),
    "conservative_care": ("failed_conservative_care",),
    "red_flags": ("red_flags",),
}
_OF_THE_CARE = {
    "functional_improvement": ("functional_improvement", "objective_improvement"),
    "reported_benefit": ("response",),
    "measured_gain": ("measured_gain",),
    "activities_improved": ("activities_improved",),
    "restrictions_reduced": ("restrictions_reduced",),
    "medication_reduced": ("medication_reduced",),
    "ready_to_end": ("ready_to_end",),
    "goals_met": ("goals_met",),
    "plateau": ("plateau",),
    "rationale": ("rationale",),
    "treatment_goals": ("treatment_goals",),
    "exceptional_factors": ("exceptional_factors",),
    "medication_reduction": ("pain_medication_reduced_or_not_tolerated",),
}


def findings_of(
    facts: Sequence[Fact], vocabulary: Vocabulary, *, item: Item | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Return the findings of a case, or those of one item: what was said of the care it asks for."""
    names = _OF_THE_WORKER if item is None else _OF_THE_CARE
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        if item is not None and not _concerns(fact, item):
            continue
        for name in names.get(fact.fact, ()):
            if name in vocabulary.facts:
                found.setdefault(name, []).append(recorded(fact))
    return {name: _settled(statements) for name, statements in found.items()}


def _concerns(fact: Fact, item: Item) -> bool:
    """Return whether what is said of care is said of the care this item asks for."""
    if fact.discipline is None:
        return fact.section == "rationale" or bool(item.disciplines)
    return any(
        same_discipline(fact.discipline, name, of_this_item=fact.section == "rationale")
        for name in item.disciplines
    )


def _settled(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a statement that says something rather than those that found nothing, and each answer once."""
    said: dict[object, dict[str, Any]] = {}
    silent: dict[str, Any] | None = None
    for each in statements:
        if "undocumented" not in each:
            said.setdefault(each["value"], each)
        elif silent is None:
            silent = each
        else:
            silent["evidence"] = [*silent["evidence"], *each["evidence"]]
    return list(said.values()) or ([silent] if silent is not None else [])


def measurements_of(facts: Sequence[Fact], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Return the scores of scales the rulebook knows, in the letter's order.

    Two ratings of pain make a course only where each has its own day and both are of the same part of the body;
    else only the first is kept, because a knee is no better for hurting less than a back.
    """
    scores = [fact for fact in facts if fact.fact == "score" and fact.amount is not None and fact.instrument]
    pain = [fact for fact in scores if fact.instrument == "pain"]
    days = [fact.date for fact in pain]
    one_course = (
        None not in days
        and len(set(days)) == len(days)
        and len({frozenset(part.region for part in fact.body_parts) for fact in pain}) == 1
    )
    kept = pain if one_course else pain[:1]
    found = []
    for fact in scores:
        name = "nrs" if fact.instrument == "pain" else str(fact.instrument)
        instrument = vocabulary.instrument(name)
        if instrument is None or fact.amount is None or (fact.instrument == "pain" and fact not in kept):
            continue
        score = stated(fact.amount)
        if score and all(instrument.low <= bound <= instrument.high for bound in score.values()):
            found.append(
                {
                    "instrument": name,
                    "date": fact.date,
                    "score": score | {"evidence": recorded(fact)["evidence"]},
                }
            )
    return found
