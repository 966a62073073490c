"""``contradicting-number``: a reason that says another number than its criterion judges."""

from __future__ import annotations

from collections.abc import Iterator

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint
from imr_rules.workbench.lint.said_numbers import all_numbers, judged_limits, literals, numbers_said


def _check(book: Book) -> Iterator[Finding]:
    for document, file in book.written.values():
        numbers = all_numbers(file)
        for index, criterion in enumerate(file.criteria):
            units = {unit for text in (criterion.when, criterion.require) for _, unit in judged_limits(text)}
            own = literals(criterion)
            for status, text in criterion.says.items():
                for number, unit, offset in numbers_said(text):
                    # Of a unit that no limit here is in, the number may be about anything.
                    if unit in units and number not in numbers.get(unit, set()) | own:
                        path = ("criteria", index, "says", status)
                        known = ", ".join(map(str, sorted(numbers[unit])))
                        what = f"the reason says {number} {unit}; the limits of this guideline are {known}"
                        hint = "say the limit as a placeholder, `{limits.name.unit}`: it is then always right"
                        yield Finding("contradicting-number", what, document.place_within(path, offset), hint)


LINT = Lint("contradicting-number", "A reason that says another number than its criterion judges.", _check)
