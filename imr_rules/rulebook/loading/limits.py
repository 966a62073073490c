"""The limits of one guideline file: numbers, or rows of numbers by diagnosis or procedure."""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules._reading import Document
from imr_rules.expression import Constant, Node
from imr_rules.rulebook import files
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.loading.expressions import Expressions
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Limit, LimitRow, weakest


def read_limits(
    text: files.GuidelineFile, facts: Mapping[str, FactSpec], document: Document, problems: Problems
) -> dict[str, Limit]:
    """Return the limits of a guideline by name."""
    read = Expressions(facts, document, problems)
    return {name: _limit(name, each, read, document, problems) for name, each in text.limits.items()}


def _limit(
    name: str, text: files.LimitFile, read: Expressions, document: Document, problems: Problems
) -> Limit:
    path = ("limits", name)
    place = document.place(path, key=True)
    if text.rows is None:
        if text.status is None:
            problems.add(
                "no-status", f"the limit `{name}` does not say how it is known", place,
                "add `status: read`, `secondary`, `recalled` or `practice`",
            )  # fmt: skip
        return Limit(name, text.amounts, text.status or "recalled", text.pages, text.note, place=place)
    rows = []
    for index, row in enumerate(text.rows):
        where = (*path, "rows", index)
        if (row.status or text.status) is None:
            problems.add(
                "no-status", f"row {index + 1} of `{name}` does not say how it is known", document.place(where),
                "add `status:` to the row or to the limit",
            )  # fmt: skip
        rows.append(_row(row.label, read.read(row.when, (*where, "when")), row.when, row, text))
    otherwise = None
    if text.otherwise is not None:
        otherwise = _row("otherwise", Constant(True), "true", text.otherwise, text)
    status = weakest(row.status for row in rows) or "recalled"
    return Limit(name, {}, status, text.pages, text.note, tuple(rows), otherwise, place)


def _row(label: str, when: Node, when_text: str, row: files.AmountsFile, table: files.LimitFile) -> LimitRow:
    """Return a row; what it does not say of itself the table says for all."""
    status, pages = row.status or table.status or "recalled", row.pages or table.pages
    return LimitRow(label, when, when_text, row.amounts, status, pages, row.note)
