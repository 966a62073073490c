"""Which edition of the guidelines a request falls under."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from imr_rules._dates import Window
from imr_rules.case import Case, CitedGuideline, DisputedItem
from imr_rules.rulebook.model import Source

__all__ = ["Basis", "Edition", "cited_sources", "edition_of"]

Basis = Literal["request_date", "utilization_review_date", "cited_edition", "none"]


class Edition(NamedTuple):
    """The days whose guidelines govern an item, and how they were established.

    ``window`` is None where nothing tells the edition. For a cited edition it is the time that edition
    was in force, and ``sources`` names it.
    """

    window: Window | None
    basis: Basis
    sources: tuple[str, ...] = ()


def edition_of(case: Case, item: DisputedItem, sources: Mapping[str, Source]) -> Edition:
    """Return the edition: by the request's date, else the review decision's, else as both sides cited it."""
    request = case.request.date or case.request.received
    if request is not None and request.window is not None:
        return Edition(request.window, "request_date")
    review = item.utilization_review
    if review is not None and review.date is not None and review.date.window is not None:
        return Edition(review.date.window, "utilization_review_date")
    sides = [
        {source for cited in side for source in cited_sources(cited, sources)}
        for side in (item.cited.administrator, item.cited.reviewer)
        if side
    ]
    if len(sides) == 2:
        both = sorted(sides[0] & sides[1])
        families = {sources[name].family for name in both}
        if len(both) == len(families) == 1 and (in_force := sources[both[0]].in_force) is not None:
            return Edition(Window(in_force.first, in_force.last or date.max), "cited_edition", tuple(both))
    return Edition(None, "none")


def cited_sources(cited: CitedGuideline, sources: Mapping[str, Source]) -> set[str]:
    """Return the entries of the bibliography that a citation may mean.

    A citation without a year may mean several editions; the year, or the name of a part that only one
    edition has, narrows it.
    """
    words = " ".join(cited.document.lower().split())
    found = {
        name
        for name, source in sources.items()
        if source.cited_as and any(each in words for each in source.cited_as)
        and cited.edition in (None, source.edition)
    }  # fmt: skip
    if cited.part:
        part = " ".join(cited.part.lower().replace(",", " ").split())
        with_part = {
            name for name in found if any(part in each or each in part for each in sources[name].parts)
        }
        return with_part or found
    return found
