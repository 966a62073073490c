"""``idle-row``: a row of a limit whose number never governs: it never fits, or a larger one fits wherever it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from imr_rules.rulebook.model import Limit
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.conditions import as_terms
from imr_rules.workbench.lint.finding import Finding, Lint

if TYPE_CHECKING:
    import z3

    from imr_rules.engines.symbolic import AnyRow


def _check(book: Book) -> Iterator[Finding]:
    for guideline in book.guidelines:
        for limit in guideline.limits.values():
            if not (limit.rows and guideline.criteria):
                continue
            rows, fits = as_terms([row.when for row in limit.rows], guideline, book.rulebook)
            for index, row in enumerate(limit.rows):
                why = _why(limit, index, rows, fits)
                if why is not None:
                    path = ("limits", limit.name, "rows", index, "when")
                    place = book.written[guideline.id].document.place(path)
                    what = f"the row `{row.label}` of `{limit.name}` never governs: {why}"
                    yield Finding("idle-row", what, place, "part the rows by their `when`, or leave one out")


def _why(limit: Limit, index: int, rows: AnyRow, fits: tuple[z3.BoolRef, ...]) -> str | None:
    from imr_rules.engines.symbolic.values import negation

    if rows.never(fits[index]):
        return "its condition contradicts itself, so no record fits it"
    ours = limit.rows[index].amounts
    larger = [
        place
        for place, other in enumerate(limit.rows)
        if place != index
        and all(
            plural in other.amounts and other.amounts[plural][1] >= high for plural, (_, high) in ours.items()
        )
        and (other.amounts != ours or place < index)
    ]
    for place in larger:
        if rows.never(fits[index], negation(fits[place])):
            other = limit.rows[place]
            if other.amounts == ours:
                return f"the row `{other.label}` above it fits wherever it does, with the same number"
            return f"the row `{other.label}` fits wherever it does, and the larger number governs"
    return None


LINT = Lint("idle-row", "A row of a limit whose number never governs.", _check, requires="z3")
