"""``never-met``: a criterion that nothing can meet, or that is never asked."""

from __future__ import annotations

from collections.abc import Iterator

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    from imr_rules.workbench.lint.solved import judged

    rows, guidelines = judged(book)
    for _, criteria in guidelines:
        for each in criteria:
            criterion = each.criterion
            # *Not recommended* is an answer of its own, and what has words for failing alone is meant as a bar.
            if criterion.recommendation or (criterion.says and "met" not in criterion.says):
                continue
            if rows.never(each.answered):
                what = f"`{criterion.name}` is never asked: its conditions contradict each other"
                yield Finding(
                    "never-met", what, criterion.place, "look at `when`, and at what the guideline applies to"
                )
            elif rows.never(each.statuses["met"]):
                what = f"`{criterion.name}` can never be met, whatever the record says"
                hint = (
                    "look at its numbers and comparisons; where it is meant as a bar, leave out `says: met`"
                )
                yield Finding("never-met", what, criterion.place, hint)


LINT = Lint("never-met", "A criterion that nothing can meet, or that is never asked.", _check, requires="z3")
