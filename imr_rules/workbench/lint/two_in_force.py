"""``two-in-force``: two forms of one part of a source that govern the same requests, as where an edition was split."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from imr_rules.rulebook.loading.checks import share_a_treatment
from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(book: Book) -> Iterator[Finding]:
    treatments = book.rulebook.vocabulary.treatments
    for one, other in combinations(book.rulebook.guidelines.values(), 2):
        if (
            _same_part(one, other)
            and one.requests.overlaps(other.requests)
            and share_a_treatment(one, other, treatments)
            and not ({one.id, other.id} & {each.guideline for each in (*one.supersedes, *other.supersedes)})
        ):
            later, earlier = (one, other) if one.requests.first > other.requests.first else (other, one)
            place = book.written[book.ours(later, earlier).id].document.place(("requests",), key=True)
            common = ", ".join(f"`{name}`" for name in _common(one, other))
            what = (
                f"`{later.id}` and `{earlier.id}` both govern, {later.requests} and {earlier.requests}: both say "
                f"{common} for the same part of `{one.source.id}`"
            )
            hint = "end the earlier one the day before the later one begins, or let one supersede the other"
            yield Finding("two-in-force", what, place, hint)


def _same_part(one: Guideline, other: Guideline) -> bool:
    """Whether two guidelines are forms of one part of a source: the same place in it, and criteria of one name."""
    same = one.source.id == other.source.id and one.section == other.section and one.pages == other.pages
    return same and one.applies_when == other.applies_when and bool(_common(one, other))


def _common(one: Guideline, other: Guideline) -> list[str]:
    theirs = {each.name for each in other.criteria}
    return [each.name for each in one.criteria if each.name in theirs]


LINT = Lint("two-in-force", "Two forms of one part of a source that govern the same requests.", _check)
