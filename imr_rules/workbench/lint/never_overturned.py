"""``never-overturned``: a treatment whose denial no record can overturn, though nothing says it is not recommended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import Planned, make_plan
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint

if TYPE_CHECKING:
    from imr_rules.engines.symbolic import AnyRow, Encoded


def _check(book: Book) -> Iterator[Finding]:
    from imr_rules.engines.symbolic import AnyRow, encode
    from imr_rules.workbench.lint.solved import plans

    rulebook = book.rulebook
    seen: set[tuple[str, ...]] = set()
    for name, period, whole in plans(book):
        guidelines = [_without_recommendation(each) for each in whole.guidelines if each.known]
        key = tuple(each.id for each in guidelines)
        plan = make_plan(guidelines, rulebook.vocabulary)
        speaking = [each for each in plan.criteria if each.guideline.source.tier != "statute"]
        unread = {each.source.tier for each in whole.guidelines if not each.known}
        if any(each.guideline.source.tier in unread for each in speaking):
            continue  # what would support it may stand in the part that was not read
        if key in seen or not any(
            each.criterion.kind not in ("caution", "documentation") and each.criterion.strength == "text"
            for each in speaking
        ):
            continue  # nothing judges the need: such an item needs review, and says so
        seen.add(key)
        rows = AnyRow()
        encoded = encode(plan, rows.row(plan.facts), rows.words)
        if rows.never(encoded.suggestion["overturn"]):
            label = rulebook.vocabulary.treatments[name].label
            what = f"no record can overturn the denial of {label}, requested {period}: {_why(encoded, rows)}"
            hint = "what is not recommended is said with `recommended: {no: ...}`"
            place = book.ours(*(each.guideline for each in speaking)).place
            yield Finding("never-overturned", what, place, hint)


def _why(encoded: Encoded, rows: AnyRow) -> str:
    """Return what keeps the criteria from being met: none is an indication, one never is, or two never are together."""
    from imr_rules.engines.symbolic.values import any_of

    criteria = list(zip(encoded.plan.criteria, encoded.statuses, strict=True))
    carries = [
        (each, statuses["met"])
        for each, statuses in criteria
        if each.criterion.kind == "indication" and each.criterion.strength == "text"
    ]
    if not carries:
        return "none of its criteria in guideline text is an `indication`"
    said = []
    for indication, met in carries:
        if rows.never(met):
            said.append(f"`{_name(indication)}` is never met")
            continue
        blocked = [
            _name(each)
            for each, statuses in criteria
            if each is not indication
            and each.criterion.kind != "caution"
            and rows.never(met, any_of((statuses["met"], statuses["not_applicable"])))
        ]
        if blocked:
            said.append(f"where `{_name(indication)}` is met, `{blocked[0]}` is not")
    return "; ".join(dict.fromkeys(said)) or "its criteria are never all met together"


def _name(planned: Planned) -> str:
    return planned.id


def _without_recommendation(guideline: Guideline) -> Guideline:
    """Return a guideline without its answer to whether the treatment is recommended: *no* is an answer."""
    if not any(each.recommendation for each in guideline.criteria):
        return guideline
    return replace(guideline, criteria=tuple(each for each in guideline.criteria if not each.recommendation))


LINT = Lint("never-overturned", "A treatment whose denial no record can overturn.", _check, requires="z3")
