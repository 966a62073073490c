"""Which edition of the guidelines a request falls under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from imr_rules._dates import Window
from imr_rules._results import Result
from imr_rules.case import Case, CitedGuideline, DisputedItem
from imr_rules.rulebook.model import Source

Basis = Literal["request_date", "utilization_review_date", "cited_edition", "none"]


@dataclass(frozen=True, slots=True)
class Edition(Result):
    """The days whose guidelines govern an item, and how they were established.

    Attributes:
        basis: how they were established.
        first, last: the days, both included. ``first`` is None where nothing tells the edition; ``last`` is None
            where the edition is still in force.
        sources: for an edition that both sides cite, its entries in the bibliography.
    """

    basis: Basis
    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None
    sources: tuple[str, ...] = ()

    @property
    def window(self) -> Window | None:
        """The days; None where nothing tells the edition."""
        return None if self.first is None else Window(self.first, self.last or date.max)


def edition_of(case: Case, item: DisputedItem, sources: Mapping[str, Source]) -> Edition:
    """Return the edition: by the request's date, else the review decision's, else as both sides cited it."""
    request = case.request.date or case.request.received
    if request is not None and request.window is not None:
        return Edition("request_date", *request.window)
    review = item.utilization_review
    if review is not None and review.date is not None and review.date.window is not None:
        return Edition("utilization_review_date", *review.date.window)
    sides = [
        {source for cited in side for source in cited_sources(cited, sources)}
        for side in (item.cited.administrator, item.cited.reviewer)
        if side
    ]
    if len(sides) == 2:
        both = sorted(sides[0] & sides[1])
        families = {sources[name].family for name in both}
        if len(both) == len(families) == 1 and (in_force := sources[both[0]].in_force) is not None:
            return Edition("cited_edition", *in_force, tuple(both))
    return Edition("none")


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
