"""Fixtures: cases with the answer they must get, and what differs from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from imr_rules.case import Case, ExpectedItem
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, screen

__all__ = ["Difference", "differences"]


class Difference(NamedTuple):
    """One thing about one item that is not as expected."""

    item: str
    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.item}: {self.what} should be {self.expected}, is {self.got}"


def differences(case: Case, rulebook: Rulebook) -> list[Difference]:
    """Return how a fixture's answers differ from those it expects; nothing where it expects nothing.

    Raises:
        CaseError, DisagreementError: as :func:`~imr_rules.screening.screen` does.
    """
    expected = case.expect.items if case.expect else {}
    if not expected:
        return []
    items = {item.item: item for item in screen(case, rulebook).items}
    return [found for name, entry in expected.items() for found in _item(items[name], entry)]


def _item(item: ItemScreening, expected: ExpectedItem) -> Iterator[Difference]:
    if expected.suggestion is not None and expected.suggestion != item.suggestion:
        yield Difference(item.item, "the suggestion", expected.suggestion, item.suggestion)
    if expected.grounds is not None and sorted(expected.grounds) != sorted(item.grounds):
        yield Difference(item.item, "the grounds", _listed(expected.grounds), _listed(item.grounds))
    if expected.review_reasons is not None and sorted(expected.review_reasons) != sorted(item.review_reasons):
        yield Difference(
            item.item, "the review reasons", _listed(expected.review_reasons), _listed(item.review_reasons)
        )
    statuses = {result.id: result.status for result in item.criteria}
    for criterion, status in (expected.statuses or {}).items():
        got = statuses.get(criterion, "not judged")
        if got != status:
            yield Difference(item.item, criterion, status, got)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(sorted(names)) or "none"
