"""``unused-limit``: a limit that no criterion judges and no reason names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_rules.workbench.lint.book import Book, Written
from imr_rules.workbench.lint.finding import Finding, Lint

_NAMED = re.compile(r"\blimits\.([a-z0-9_]+)")


def _check(book: Book) -> Iterator[Finding]:
    for written in book.written.values():
        used = {name for text in _texts(written) for name in _NAMED.findall(text)}
        for name in written.file.limits:
            if name not in used:
                place = written.document.place(("limits", name), key=True)
                hint = "judge it in a criterion, tell it in a `says`, or keep it as a `note`"
                yield Finding("unused-limit", f"no criterion uses the limit `{name}`", place, hint)


def _texts(written: Written) -> Iterator[str]:
    """Yield every text of a guideline that may name a limit."""
    file = written.file
    yield from filter(None, [file.applies.when, *(each.when for each in file.supersedes)])
    if (recommended := file.recommended) is not None:
        yield from filter(None, [recommended.no, recommended.unless, recommended.says])
    for criterion in file.criteria:
        yield from filter(None, [criterion.when, criterion.require, *criterion.says.values()])


LINT = Lint("unused-limit", "A limit that no criterion judges and no reason names.", _check)
