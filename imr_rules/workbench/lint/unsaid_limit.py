"""``unsaid-limit``: a reason for upholding that does not say the limit it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint
from imr_rules.workbench.lint.said_numbers import judged_limits, limits_shown, mentions, numbers_of


def _check(book: Book) -> Iterator[Finding]:
    for document, file in book.written.values():
        for index, criterion in enumerate(file.criteria):
            text = criterion.says.get("unmet")
            judged = {name for name, _ in judged_limits(criterion.require)}
            if text is None or not judged:
                continue
            shown = limits_shown(text)
            numbers = {
                number
                for name in judged
                for numbers in numbers_of(file.limits[name]).values()
                for number in numbers
            }
            if not judged & shown and not mentions(text, numbers):
                place = document.place(("criteria", index, "says", "unmet"))
                listed = ", ".join(f"`{name}`" for name in sorted(judged))
                what = f"`{criterion.id}` is not met by the limit {listed}, and its reason does not say it"
                hint = "say it as a placeholder, `{limits.name.unit}`"
                yield Finding("unsaid-limit", what, place, hint)


LINT = Lint("unsaid-limit", "A reason for upholding that does not say the limit it rests on.", _check)
