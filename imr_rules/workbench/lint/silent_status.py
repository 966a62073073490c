"""``silent-status``: a criterion that can be a ground for upholding and has no words for it.

Met and unknown have plain words of their own, which name the facts; a ground for upholding is read by
somebody whose care is denied.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.model import Criterion, Guideline
from imr_rules.rulebook.plan import make_plan
from imr_rules.workbench.coverage.measure import possible_statuses
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint

_Ground = Literal["unmet", "undocumented"]


def _check(book: Book) -> Iterator[Finding]:
    facts = book.rulebook.vocabulary.facts
    for guideline in book.guidelines:
        for planned in make_plan([guideline], book.rulebook.vocabulary).criteria:
            criterion, possible = planned.criterion, possible_statuses(planned, facts)
            for status in get_args(_Ground):
                if (
                    status in possible
                    and status not in criterion.says
                    and _has(book.rulebook, guideline, criterion, status)
                ):
                    what = f"`{criterion.name}` can be {status} and has no words for it"
                    hint = f"say why under `says: {{{status}: ...}}`"
                    if criterion.recommendation:
                        hint = "say in `says:` why it is not recommended"
                    yield Finding("silent-status", what, criterion.place, hint)


def _has(rulebook: Rulebook, guideline: Guideline, criterion: Criterion, status: _Ground) -> bool:
    """Whether some case gives the criterion the status: one was found, and judged."""
    from imr_rules.workbench.witness import Search, periods

    treatment = guideline.treatments[0]
    if treatment == ANY_TREATMENT:
        treatment = next(iter(rulebook.vocabulary.treatments))
    for period in periods([rulebook], treatment):
        if guideline.requests.covers(period.first, period.first):
            search = Search([rulebook], treatment, period)
            (encoded,) = search.encoded
            if search.find(encoded.status(criterion.id)[status]).cases is not None:
                return True
    return False


LINT = Lint(
    "silent-status",
    "A criterion that can be a ground for upholding and has no words for it.",
    _check,
    requires="z3",
)
