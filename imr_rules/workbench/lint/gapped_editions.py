"""``gapped-editions``: days between two editions of one guideline that neither governs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    by_subject: dict[tuple[object, ...], list[Guideline]] = {}
    for guideline in book.rulebook.guidelines.values():
        source = guideline.source
        for treatment in guideline.treatments:
            if source.family:
                by_subject.setdefault((source.family, treatment), []).append(guideline)
            part = source.id, guideline.section, guideline.pages, guideline.applies_when
            by_subject.setdefault((*part, treatment), []).append(guideline)
    told: set[tuple[str, str]] = set()
    for subject, forms in by_subject.items():
        for earlier, later in _gaps(forms):
            if (earlier.id, later.id) not in told:
                told.add((earlier.id, later.id))
                yield _finding(book, str(subject[-1]), earlier, later)


def _gaps(forms: list[Guideline]) -> Iterator[tuple[Guideline, Guideline]]:
    """Yield the guidelines between which there are days that none of some guidelines governs."""
    ordered = sorted(forms, key=lambda each: each.requests.first)
    latest = ordered[0]
    for later in ordered[1:]:
        last = latest.requests.last
        if last is not None and later.requests.first > last + _DAY:
            yield latest, later
        if last is not None and (later.requests.last is None or later.requests.last > last):
            latest = later


def _finding(book: Book, treatment: str, earlier: Guideline, later: Guideline) -> Finding:
    assert earlier.requests.last is not None
    gap = f"{earlier.requests.last + _DAY} to {later.requests.first - _DAY}"
    what = f"no edition governs requests for `{treatment}` of {gap}: `{earlier.id}` ends before, and `{later.id}` begins after"
    place = book.written[book.ours(later, earlier).id].document.place(("requests",), key=True)
    hint = "let one begin the day after the other ends, or say `contents: not_known` for the days between"
    return Finding("gapped-editions", what, place, hint)


_DAY = timedelta(days=1)

LINT = Lint("gapped-editions", "Days between two editions of one guideline that neither governs.", _check)
