"""``draft()``: from a screened item and the reviewer's outcome to the sections of a determination.

The sections stand in the order of 8 CCR 9792.10.6(d): the decision, the employee's medical condition, the
documents reviewed, the disputed treatment, the guideline, the clinical reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from imr_rules.case import OUTCOME_OF, Case, Decision, DisputedItem
from imr_rules.errors import CaseError, Place, Problem, nearest
from imr_rules.screening import ItemScreening, Screening
from imr_rules.writing.determination import record
from imr_rules.writing.determination.phrases import ask, listed, paragraphs, quote, sentence, spell_date
from imr_rules.writing.determination.reasons import departure, guideline, reasons
from imr_rules.writing.words import say_quantities, say_rulebook

__all__ = ["Decision", "Determination", "Section", "draft"]

_DECISION: Mapping[Decision, str] = {
    "uphold": "The denial is upheld. The disputed treatment is not medically necessary and appropriate.",
    "overturn": "The denial is overturned. The disputed treatment is medically necessary and appropriate.",
}


class Section(NamedTuple):
    """One part of a determination.

    Attributes:
        name: a stable name, such as ``reasons``.
        title: its heading.
        text: paragraphs, a blank line between two; lines that begin with ``- `` are a list. What the
            reviewer must still say stands in square brackets.
    """

    name: str
    title: str
    text: str


class Determination(NamedTuple):
    """A determination of one item, drafted or as the reviewer has written on.

    Attributes:
        item: the item's id.
        outcome: the reviewer's; the draft follows it.
        departs: how the outcome departs from the suggestion; None where it does not.
        heading: what stands at the head of the letter, label and text.
        sections: the letter, in its order.
        note: for the reviewer alone, not a part of the letter.
        footing: what made the suggestion: rulebook, input and engine.
    """

    item: str
    outcome: Decision
    departs: str | None
    heading: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    note: str
    footing: str

    def with_texts(self, texts: Mapping[str, str]) -> Determination:
        """Return it with the sections named replaced by what the reviewer wrote."""
        return self._replace(
            sections=tuple(each._replace(text=texts.get(each.name, each.text)) for each in self.sections)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "item": self.item,
            "outcome": self.outcome,
            "departs": self.departs,
            "heading": [list(each) for each in self.heading],
            "sections": [each._asdict() for each in self.sections],
            "note": self.note,
            "footing": self.footing,
        }


def draft(case: Case, screening: Screening, outcome: Decision, item: str | None = None) -> Determination:
    """Return the draft of a determination.

    Args:
        case: the case that was screened.
        screening: its screening.
        outcome: the reviewer's decision on the denial.
        item: the item's id; may be left out where the case has one item only.

    Raises:
        CaseError: no item of the case has this id, or none is named where there are several.
    """
    chosen, screened = _find(case, screening, item)
    departs = departure(screened, outcome)
    return Determination(
        item=screened.item,
        outcome=outcome,
        departs=departs,
        heading=_heading(case, screening, chosen, outcome),
        sections=(
            Section("decision", "Decision", _decision(screened, outcome)),
            Section("condition", "The employee’s medical condition", record.condition(case)),
            Section("documents", "Documents reviewed", record.documents(case)),
            Section("treatment", "The disputed treatment", record.treatment(case, chosen, screened)),
            Section("guideline", "Guideline and evidence relied on", guideline(chosen, screened)),
            Section("reasons", "Reasons", reasons(screened, outcome)),
            Section("reviewer", "The reviewer", _REVIEWER),
        ),
        note=_note(screened, departs),
        footing=f"{say_rulebook(screening.rulebook)}; input {screening.input_digest}; {screening.engine}.",
    )


def _find(case: Case, screening: Screening, item: str | None) -> tuple[DisputedItem, ItemScreening]:
    items = dict(case.named_items)
    if item is None and len(items) == 1:
        item = next(iter(items))
    if item not in items:
        what = "this case has several items" if item is None else "this case has no item of this name"
        hint = nearest(item, items) or f"name one of {', '.join(items)}"
        raise CaseError(Problem("unknown-item", what, Place(pointer="/items"), hint))
    return items[item], next(each for each in screening.items if each.item == item)


def _heading(
    case: Case, screening: Screening, item: DisputedItem, outcome: Decision
) -> tuple[tuple[str, str], ...]:
    review = item.utilization_review
    request, application = case.request, case.application
    dates = (
        ("Date of injury", case.injury.date),
        ("Request for authorization", request.date or request.received),
        ("Utilization-review decision", review.date if review else None),
        ("Application received", application.received or application.date),
    )
    return (
        ("Case", screening.case or ask("case number")),
        ("Claim", ask("claim number")),
        *((label, spell_date(when) if when else ask("date")) for label, when in dates),
        ("Priority", (case.priority or ask("regular or expedited")).capitalize()),
        ("Date of this determination", ask("date")),
        ("Decision", f"Denial {OUTCOME_OF[outcome]}"),
    )


def _decision(item: ItemScreening, outcome: Decision) -> str:
    return paragraphs(f"Item in dispute: {quote(item.service)}.", _DECISION[outcome])


_REVIEWER = paragraphs(
    f"The reviewer is licensed in {ask('state')}, certified in {ask('specialty')}, in active practice, and "
    "competent in the treatment in dispute. The reviewer has no affiliation with the employer, the claims "
    "administrator, the employee, the provider or the maker of the treatment that would be a conflict of "
    f"interest. {ask('confirm or amend; the reviewer’s name is kept confidential and is not stated')}"
)


def _note(item: ItemScreening, departs: str | None) -> str:
    """Return what the reviewer should know of the draft, and whoever gets the letter should not read."""
    said = [sentence(f"Suggestion of the screening: {item.headline}"), departs]
    if "record_holds_only_the_denial" in item.review_reasons:
        said.append("A determination may not rest on the denial alone: 8 CCR 9792.10.6(b)(2).")
    if item.warnings:
        said.append("Warnings:\n" + listed(item.warnings))
    if item.missing:
        said.append("To be found out first:\n" + listed(each.asks for each in item.missing))
    said.append(say_quantities(item).capitalize() + ".")
    said.append("A suggestion, not a decision. The physician who signs has weighed the record.")
    return paragraphs(*said)
