"""``stale-citation``: a source that was not in force on some day whose requests it is to carry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from imr_rules._dates import Period
from imr_rules.errors import Place
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    for name, guideline in book.rulebook.guidelines.items():
        document = book.written[name].document
        requests, source = guideline.requests, guideline.source
        if source.in_force is not None and not _covers(source.in_force, requests):
            yield _finding(source.id, source.in_force, requests, document.place(("requests",), key=True))
        for criterion in guideline.criteria:
            citation = criterion.citation
            # Practice may go on reasoning by a document that is no longer in force, and says that it does.
            practice = citation.status == "practice" or source.tier == "practice"
            if practice or citation.source == source.id or citation.in_force is None:
                continue
            if not _covers(citation.in_force, requests):
                yield _finding(citation.source, citation.in_force, requests, criterion.place)


def _covers(in_force: Period, requests: Period) -> bool:
    return in_force.covers(requests.first, requests.last or date.max)


def _finding(source: str, in_force: Period, requests: Period, place: Place) -> Finding:
    what = f"`{source}` is in force {in_force}, and is cited for requests {requests}"
    return Finding("stale-citation", what, place, "cite what was in force, or narrow `requests`")


LINT = Lint(
    "stale-citation",
    "A source cited for requests of days on which it was not in force.",
    _check,
)
