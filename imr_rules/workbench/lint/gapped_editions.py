"""``gapped-editions``: days between two editions of one guideline that neither governs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding
from imr_rules.workbench.lint.kind import Lint

__all__ = ["LINT"]


def _check(book: Book) -> Iterator[Finding]:
    by_treatment: dict[tuple[str, str], list[Guideline]] = {}
    for guideline in book.rulebook.guidelines.values():
        if guideline.source.family:
            for treatment in guideline.treatments:
                by_treatment.setdefault((guideline.source.family, treatment), []).append(guideline)
    for (_, treatment), editions in by_treatment.items():
        ordered = sorted(editions, key=lambda each: each.requests.first)
        for earlier, later in pairwise(ordered):
            last = earlier.requests.last
            if last is None or earlier.source.id == later.source.id:
                continue
            day = timedelta(days=1)
            if later.requests.first > last + day:
                gap = f"{last + day} to {later.requests.first - day}"
                what = f"no edition governs requests for `{treatment}` of {gap}: `{earlier.id}` ends before"
                place = book.written[later.id].document.place(("requests",), key=True)
                hint = "let one begin the day after the other ends, or say `contents: not_known` for the days between"
                yield Finding("gapped-editions", what, place, hint)


LINT = Lint("gapped-editions", "Days between two editions of one guideline that neither governs.", _check)
