"""What holds between guidelines: that each is there once, replaces what exists, and ends where the next begins."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from imr_rules._reading import Document
from imr_rules.rulebook.dictionary import Treatment
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Guideline


def refuse_wrong_replacements(
    guidelines: Mapping[str, Guideline], written: Mapping[str, Document], problems: Problems
) -> None:
    """Refuse a guideline that says it replaces itself, or one there is not."""
    for name, guideline in guidelines.items():
        for index, each in enumerate(guideline.supersedes):
            place = written[name].place(("supersedes", index, "guideline"))
            if each.guideline not in guidelines:
                problems.unknown("guideline", each.guideline, guidelines, place)
            elif each.guideline == name:
                problems.add("circle", "a guideline cannot replace itself", place, "leave it out")


def refuse_overlaps(
    guidelines: Mapping[str, Guideline],
    written: Mapping[str, Document],
    treatments: Mapping[str, Treatment],
    problems: Problems,
) -> None:
    """Refuse two editions of one family that govern one treatment on one day."""
    by_family: dict[str, list[Guideline]] = {}
    for guideline in guidelines.values():
        if guideline.source.family:
            by_family.setdefault(guideline.source.family, []).append(guideline)
    for family in by_family.values():
        for one, other in combinations(family, 2):
            if one.source.id == other.source.id or not one.requests.overlaps(other.requests):
                continue
            if share_a_treatment(one, other, treatments):
                later, earlier = (one, other) if one.requests.first > other.requests.first else (other, one)
                problems.add(
                    "overlapping-editions",
                    f"two editions govern the same requests: this one {later.requests}, "
                    f"`{earlier.id}` {earlier.requests}",
                    written[later.id].place(("requests",), key=True),
                    "end the earlier edition the day before the later one begins",
                )


def share_a_treatment(one: Guideline, other: Guideline, treatments: Mapping[str, Treatment]) -> bool:
    """Whether some treatment is governed by both: named by both, or by one and, more broadly, by the other."""

    def named(guideline: Guideline) -> set[str]:
        return set(treatments) if ANY_TREATMENT in guideline.treatments else set(guideline.treatments)

    def with_broader(guideline: Guideline) -> set[str]:
        return {step for name in named(guideline) if name in treatments for step in treatments[name].lineage}

    return not (named(one).isdisjoint(with_broader(other)) and named(other).isdisjoint(with_broader(one)))
