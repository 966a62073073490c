"""The guideline and the reasons of a determination, from the criteria and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from imr_rules.case import OUTCOME_OF, Decision, DisputedItem
from imr_rules.rulebook.model import Citation
from imr_rules.screening import CriterionResult, ItemScreening
from imr_rules.writing.determination.phrases import (
    ask,
    cited,
    fact,
    in_short,
    join,
    listed,
    paragraphs,
    plain,
    sentence,
    to_verify,
)
from imr_rules.writing.words import say_basis, say_within_limits

__all__ = ["departure", "guideline", "reasons"]

_NAMES = {"uphold": "upholding", "overturn": "overturning"}


def departure(item: ItemScreening, outcome: Decision) -> str | None:
    """Return how the reviewer's outcome departs from the suggestion; None where it follows it."""
    if item.suggestion == outcome:
        return None
    if item.suggestion == "needs_review":
        return f"The screening suggests no outcome; {_NAMES[outcome]} is the reviewer’s own."
    return (
        f"This draft departs from the suggestion: the screening supports {_NAMES[item.suggestion]}, "
        f"the reviewer is {_NAMES[outcome]}."
    )


def guideline(item: DisputedItem, screened: ItemScreening) -> str:
    """Return which guidelines were relied on, where in them, and how that edition was established."""
    entries = [
        f"{cited(each)} {check}" if (check := to_verify(each)) else cited(each)
        for each in _weakest(each.citation for each in screened.criteria if each.status != "not_applicable")
    ]
    basis = say_basis(screened)
    if basis:
        basis = basis.replace("the MTUS", "the Medical Treatment Utilization Schedule (MTUS)", 1)
    superseded = [
        f"{plain(each.guideline)} is superseded here by {plain(each.by)} ({cited(each.citation)})."
        for each in screened.superseded
    ]
    return paragraphs(
        basis,
        listed(entries) if entries else ask("name the guideline or study relied on, with section and page"),
        " ".join(superseded) or None,
    )


_WEAKEST_FIRST = ("recalled", "practice", "secondary", "read")


def _weakest(citations: Iterable[Citation]) -> list[Citation]:
    """Return each place cited once, as it is known least well."""
    found: dict[str, Citation] = {}
    for citation in citations:
        held = found.setdefault(cited(citation), citation)
        if _WEAKEST_FIRST.index(citation.status) < _WEAKEST_FIRST.index(held.status):
            found[cited(citation)] = citation
    return list(found.values())


def reasons(item: ItemScreening, outcome: Decision) -> str:
    """Return the clinical reasons for the outcome, what speaks against it, and what is not known."""
    heard = [each for each in item.criteria if each.kind != "caution"]
    against = [each for each in heard if each.status in ("unmet", "undocumented")]
    met = [each for each in heard if each.status == "met"]
    unknown = [each for each in heard if each.status == "unknown"]
    carrying = against if outcome == "uphold" else met
    opposed = met if outcome == "uphold" else against
    cautions = [
        each for each in item.criteria if each.kind == "caution" and each.status in ("unmet", "undocumented")
    ]
    return paragraphs(
        _opening(item, outcome),
        *(f"{number}. {_ground(each)}" for number, each in enumerate(carrying, 1)),
        _opposed(opposed, outcome),
        _open(unknown),
        "Cautions beside the criteria:\n" + listed(sentence(plain(each.reason)) for each in cautions)
        if cautions
        else None,
        _rebuttals(item),
        say_within_limits(item) if _partly_within(item) else None,
        _ask_for(item) if outcome == "uphold" else None,
        ask("state the clinical judgment in your own words: what in the record decides, and why"),
    )


def _opening(item: ItemScreening, outcome: Decision) -> str:
    if item.suggestion == outcome:
        return f"The denial is {OUTCOME_OF[outcome]} for these reasons."
    if item.suggestion == "needs_review":
        settled = f"state what settles this, where it stands in the record, and why the denial is {OUTCOME_OF[outcome]}"
        return f"{sentence(plain(item.headline))} {ask(settled)}"
    return (
        f"On the face of the guideline this record would support {_NAMES[item.suggestion]}. "
        f"The denial is nevertheless {OUTCOME_OF[outcome]}. "
        + ask(
            "say why: which fact, exceptional factor or better evidence outweighs what is set out below, "
            "and where it stands in the record"
        )
    )


def _ground(result: CriterionResult) -> str:
    facts = [fact(each) for each in result.facts if each.value.evidence or not each.value.exact]
    said = [sentence(plain(result.reason))]
    if facts:
        said.append(sentence(f"In the record: {'; '.join(facts)}"))
    said.append(f"({in_short(result.citation)})")
    return " ".join(said)


def _opposed(results: Sequence[CriterionResult], outcome: Decision) -> str | None:
    """Return what speaks for the other outcome; nothing of it is passed over in silence."""
    if not results:
        return None
    if outcome == "uphold":
        entries = [sentence(plain(each.reason)) for each in results]
        weighed = ask("say why it does not outweigh the reasons above")
        return f"What speaks for the request was weighed. {weighed}\n{listed(entries)}"
    answered = ask("say why this does not decide against the request")
    return "What speaks against the request was weighed.\n" + listed(
        f"{_ground(each)} {answered}" for each in results
    )


def _open(results: Sequence[CriterionResult]) -> str | None:
    if not results:
        return None
    names = join(
        list(dict.fromkeys(each.label for result in results for each in result.facts if not each.value.exact))
        or ["which limit applies"]
    )
    return f"The record does not settle {names}. " + ask("say whether that matters to the outcome")


def _rebuttals(item: ItemScreening) -> str | None:
    if not item.rebuttals:
        return None
    named = join([each.label for each in item.rebuttals])
    return (
        f"The record documents {named}. The Medical Treatment Utilization Schedule is presumed correct, and that "
        "can be rebutted. " + ask("weigh it against the guideline")
    )


def _partly_within(item: ItemScreening) -> bool:
    within = item.quantity_within_limits
    return within is not None and bool(within.low)


def _ask_for(item: ItemScreening) -> str | None:
    if not item.ask_for:
        return None
    return "A new request would have to document:\n" + listed(each.asks for each in item.ask_for)
