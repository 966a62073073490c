"""Items that were screened and whose real outcome is recorded."""

from __future__ import annotations

from typing import Any, NamedTuple

from imr_rules.case import OUTCOME_OF, Case, Outcome, Suggestion
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, screen


class Decided(NamedTuple):
    """An item that was screened and whose real outcome is recorded.

    Attributes:
        case: the file or id it came from.
        group: its broadest treatment, the class figures are given by.
        inside_mtus: the reviewer decided it by the MTUS alone, as the citations have it.
        differs: why the suggestion differs, where the case says so.
    """

    case: str
    item: ItemScreening
    outcome: Outcome
    group: str
    inside_mtus: bool
    differs: str | None

    @property
    def agrees(self) -> bool | None:
        """Whether the suggestion agrees with the outcome; None where it is left to review."""
        suggested = self.item.suggestion
        return None if suggested == "needs_review" else OUTCOME_OF[suggested] == self.outcome

    @property
    def leans(self) -> Suggestion:
        """Which way an item left to review leans; ``needs_review`` where it leans neither way."""
        return self.item.lean.suggestion if self.item.lean else "needs_review"

    def to_dict(self) -> dict[str, Any]:
        """Return the item, its suggestion and outcome, and what the suggestion rests on, as plain data."""
        return {
            "case": self.case,
            "item": self.item.item,
            "treatment": self.item.treatment,
            "suggestion": self.item.suggestion,
            "lean": self.item.lean.suggestion if self.item.lean else None,
            "lean_rests_on": list(self.item.lean.rests_on) if self.item.lean else [],
            "outcome": self.outcome,
            "grounds": list(self.item.grounds),
            "review_reasons": list(self.item.review_reasons),
            "missing": [fact.fact for fact in self.item.missing],
            "differs": self.differs,
        }


def decided_items(name: str, case: Case, rulebook: Rulebook) -> list[Decided]:
    """Screen a case and return its items whose real outcome is recorded.

    Args:
        name: how the case is called in reports.
        case: the case, with ``expect``.
        rulebook: the rulebook to judge by.

    Raises:
        CaseError, DisagreementError: as :func:`~imr_rules.screening.screen` does.
    """
    expected = case.expect.items if case.expect else {}
    if not any(each.outcome for each in expected.values()):
        return []
    given = dict(case.named_items)
    treatments = rulebook.vocabulary.treatments
    found = []
    for item in screen(case, rulebook).items:
        entry = expected.get(item.item)
        if entry is None or entry.outcome is None:
            continue
        group = treatments[item.treatment].lineage[-1] if item.treatment else "not_recognized"
        cited = given[item.item].cited.reviewer
        inside = bool(cited) and all("mtus" in each.document.lower() for each in cited)
        found.append(Decided(name, item, entry.outcome, group, inside, entry.differs))
    return found


def without_rationale(case: Case) -> Case:
    """Return a case without the statements whose only evidence is the determination's rationale.

    What a reviewer found while deciding is not in hand before the review; what the letter's summary reports is.
    """

    def kept(part: Any) -> Any:
        if isinstance(part, dict):
            inner = {name: kept(each) for name, each in part.items()}
            return {name: each for name, each in inner.items() if each != []}
        if isinstance(part, list):
            return [kept(each) for each in part if not _only_rationale(each)]
        return part

    return Case.from_data(kept(case.model_dump(mode="json", exclude_defaults=True)))


def _only_rationale(part: Any) -> bool:
    evidence = part.get("evidence", ()) if isinstance(part, dict) else ()
    return bool(evidence) and all(str(each.get("place")).startswith("rationale") for each in evidence)
