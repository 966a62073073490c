"""``never-overturned``: a treatment whose denial no record can overturn, though nothing says it is not recommended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import make_plan
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding
from imr_rules.workbench.lint.kind import Lint

__all__ = ["LINT"]


def _check(book: Book) -> Iterator[Finding]:
    from imr_rules.engines.symbolic import AnyRow, encode
    from imr_rules.workbench.lint.solved import plans

    rulebook = book.rulebook
    seen: set[tuple[str, ...]] = set()
    for name, period, whole in plans(rulebook):
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
            what = f"no record can overturn the denial of {label}, requested {period}"
            hint = "its criteria cannot all be met; what is not recommended is said with `recommended: {no: ...}`"
            yield Finding("never-overturned", what, speaking[0].guideline.place, hint)


def _without_recommendation(guideline: Guideline) -> Guideline:
    """Return a guideline without its answer to whether the treatment is recommended: *no* is an answer."""
    if not any(each.recommendation for each in guideline.criteria):
        return guideline
    return replace(guideline, criteria=tuple(each for each in guideline.criteria if not each.recommendation))


LINT = Lint("never-overturned", "A treatment whose denial no record can overturn.", _check, requires="z3")
