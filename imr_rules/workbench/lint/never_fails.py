"""``never-fails``: a criterion that never speaks against a request."""

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
            if criterion.recommendation or each.is_statement:
                continue
            if rows.never(each.fails) and not rows.never(each.answered):
                what = f"`{criterion.name}` can never fail, whatever the record says"
                hint = "look at its numbers, comparisons and `when`; where it is meant so, leave out its words for failing"
                yield Finding("never-fails", what, criterion.place, hint)


LINT = Lint("never-fails", "A criterion that never speaks against a request.", _check, requires="z3")
