"""What holds between guidelines: that each is there once, replaces what exists, and ends where the next begins."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from imr_rules._reading import Document
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Guideline

__all__ = ["refuse_overlaps", "refuse_unknown_replacements"]


def refuse_unknown_replacements(
    guidelines: Mapping[str, Guideline], written: Mapping[str, Document], problems: Problems
) -> None:
    """Refuse a guideline that says it replaces one there is not."""
    for name, guideline in guidelines.items():
        for index, each in enumerate(guideline.supersedes):
            if each.guideline not in guidelines:
                place = written[name].place(("supersedes", index, "guideline"))
                problems.unknown("guideline", each.guideline, guidelines, place)


def refuse_overlaps(
    guidelines: Mapping[str, Guideline],
    written: Mapping[str, Document],
    problems: Problems,
) -> None:
    """Refuse two editions of one family that govern one treatment on one day."""
    by_family: dict[str, list[Guideline]] = {}
    for guideline in guidelines.values():
        if guideline.source.family:
            by_family.setdefault(guideline.source.family, []).append(guideline)
    for family in by_family.values():
        for one, other in combinations(family, 2):
            if one.source.id == other.source.id or not set(one.treatments) & set(other.treatments):
                continue
            if one.requests.overlaps(other.requests):
                later, earlier = (one, other) if one.requests.first > other.requests.first else (other, one)
                problems.add(
                    "overlapping-editions",
                    f"two editions govern the same requests: this one {later.requests}, "
                    f"`{earlier.id}` {earlier.requests}",
                    written[later.id].place(("requests",), key=True),
                    "end the earlier edition the day before the later one begins",
                )
