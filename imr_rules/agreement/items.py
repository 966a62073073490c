"""Items that were screened and whose real outcome is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from imr_rules._results import Result
from imr_rules.case import OUTCOME_OF, Case, Decision, Outcome, Suggestion
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.suggestion import RestsOn, ReviewReason
from imr_rules.screening import ItemScreening, screen


@dataclass(frozen=True, slots=True)
class Decided(Result):
    """An item that was screened and whose real outcome is recorded.

    Attributes:
        case: the file or id it came from.
        missing: the facts that keep it from being decided.
        differs: why the suggestion differs, where the case says so.
        screened: the whole answer.
        group: its broadest treatment, the class figures are given by.
        inside: the reviewer decided it by the first tier of the rulebook alone, as the citations have it.
    """

    case: str
    item: str
    treatment: str | None
    suggestion: Suggestion
    lean: Decision | None
    lean_rests_on: tuple[RestsOn, ...]
    outcome: Outcome
    grounds: tuple[str, ...]
    review_reasons: tuple[ReviewReason, ...]
    missing: tuple[str, ...]
    differs: str | None
    screened: Annotated[ItemScreening, Field(exclude=True)]
    group: Annotated[str, Field(exclude=True)]
    inside: Annotated[bool, Field(exclude=True)]

    @property
    def agrees(self) -> bool | None:
        """Whether the suggestion agrees with the outcome; None where it is left to review."""
        suggested = self.suggestion
        return None if suggested == "needs_review" else OUTCOME_OF[suggested] == self.outcome

    @property
    def leans(self) -> Suggestion:
        """Which way an item left to review leans; ``needs_review`` where it leans neither way."""
        return self.lean or "needs_review"


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
    schedule = rulebook.vocabulary.schedule.removeprefix("the ").lower()
    found = []
    for item in screen(case, rulebook).items:
        entry = expected.get(item.item)
        if entry is None or entry.outcome is None:
            continue
        group = treatments[item.treatment].lineage[-1] if item.treatment else "not_recognized"
        cited = given[item.item].cited.reviewer
        inside = bool(cited) and all(schedule in each.document.lower() for each in cited)
        found.append(
            Decided(
                case=name,
                item=item.item,
                treatment=item.treatment,
                suggestion=item.suggestion,
                lean=item.lean.suggestion if item.lean else None,
                lean_rests_on=item.lean.rests_on if item.lean else (),
                outcome=entry.outcome,
                grounds=item.grounds,
                review_reasons=item.review_reasons,
                missing=tuple(fact.fact for fact in item.missing),
                differs=entry.differs,
                screened=item,
                group=group,
                inside=inside,
            )
        )
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
