"""How suggestions can change at one site: from what to what, by which criteria, in which region."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple, get_args

import z3

from imr_rules.case import Suggestion
from imr_rules.engines.symbolic import Encoded
from imr_rules.engines.symbolic.values import FALSE, TRUE, all_of, any_of, negation
from imr_rules.expression import names
from imr_rules.rulebook import Rulebook
from imr_rules.workbench.diff.region import Box, box_around
from imr_rules.workbench.witness import Found, Search, Site
from imr_rules.workbench.witness.compare import heard

__all__ = ["MOST_BOXES", "Open", "Transition", "transitions"]

MOST_BOXES = 6
"""Most boxes a region is covered by before it is said that there is more of it."""
_MOST_CAUSES = 6


class Transition(NamedTuple):
    """One way in which a suggestion changes at a site.

    Attributes:
        criteria: full names of the criteria that are judged otherwise, the most telling first; none where the
            change comes from elsewhere.
        found: the smallest case, which both rulebooks were asked.
        boxes: the region; empty where none could be proven, or where one of the same way was told before.
        whole: whether the boxes cover all cases of the family in which it changes so: of those whose numbers
            are all known exactly, where ``inexact``.
        inexact: whether it changes so elsewhere, too, where a number is known within bounds only.
    """

    site: Site
    old: Suggestion
    new: Suggestion
    criteria: tuple[str, ...]
    found: Found
    boxes: tuple[Box, ...]
    whole: bool
    inexact: bool


class Open(NamedTuple):
    """A way in which a suggestion might change at a site: no case was found, and none is proven impossible."""

    site: Site
    old: Suggestion
    new: Suggestion


def transitions(
    old: Rulebook, new: Rulebook, site: Site, told: set[tuple[object, ...]]
) -> Iterator[Transition | Open]:
    """Yield how suggestions can change at a site, the decided ones first.

    Args:
        old, new: the rulebooks.
        site: where their rules differ.
        told: the ways of change whose regions were told at other sites, and are not told again; added to.
    """
    search = Search((old, new), site.treatment, site.period)
    before, after = search.encoded
    unlike = _unlike(before, after)
    ways = sorted(permutations(get_args(Suggestion), 2), key=lambda way: "needs_review" in way)
    for was, now in ways:
        left = all_of((before.suggestion[was], after.suggestion[now]))
        for _ in range(_MOST_CAUSES):
            found = search.find(left)
            if found.cases is None:
                if not found.exhausted:
                    yield Open(site, was, now)
                break
            causes = _causes(found, before, after)
            cause = any_of(unlike[each] for each in causes) if causes else None
            here = left if cause is None else all_of((left, cause))
            way = causes, was, now
            region: tuple[tuple[Box, ...], bool, bool] = (), False, False
            if way not in told:
                decided = "needs_review" not in (was, now)
                region = _cover(search, found, here, _telling(causes, search), decided)
                told.add(way)
            yield Transition(site, was, now, causes, found, *region)
            if cause is None:
                break
            left = all_of((left, negation(cause)))
        else:
            yield Open(site, was, now)


def _cover(
    search: Search, found: Found, formula: z3.BoolRef, telling: frozenset[str], decided: bool
) -> tuple[tuple[Box, ...], bool, bool]:
    """Cover a region by boxes: one that is undecided on either side by one alone."""
    boxes: list[Box] = []
    left = formula
    exact = _exact(search) if decided else TRUE
    for _ in range(MOST_BOXES if decided else 1):
        box = box_around(search, found, formula, telling)
        if box is None:
            return tuple(boxes), False, False
        boxes.append(box)
        left = all_of((left, negation(box.term)))
        if not search.possible(left):
            return tuple(boxes), True, False
        found = search.find(left, exact) if decided else found
        if found.cases is None:
            return tuple(boxes), found.exhausted, found.exhausted
    return tuple(boxes), False, False


def _exact(search: Search) -> z3.BoolRef:
    """Return that every number and date of a case is known exactly."""
    values = [value for row in search.rows for value in row.values() if value.kind in ("integer", "date")]
    return all_of(value.exact for value in values)


def _telling(causes: tuple[str, ...], search: Search) -> frozenset[str]:
    return frozenset(
        name
        for plan in search.plans
        for each in plan.criteria
        if each.id in causes
        for name in names(each.require)
    )


def _unlike(before: Encoded, after: Encoded) -> dict[str, z3.BoolRef]:
    """Return when each criterion is heard and judged otherwise."""
    ours, theirs = heard(before), heard(after)
    return {
        name: any_of(
            z3.Xor(ours.get((name, status), FALSE), theirs.get((name, status), FALSE))
            for status in dict.fromkeys(status for each, status in (*ours, *theirs) if each == name)
        )
        for name in dict.fromkeys(each for each, _ in (*ours, *theirs))
    }


def _causes(found: Found, before: Encoded, after: Encoded) -> tuple[str, ...]:
    """Return the criteria that a found case has judged otherwise: grounds first."""
    answers = []
    for question in found.posed:
        statuses = question.judge(question.row)
        suggested = question.suggest(question.row)
        answered = {question.plan.criteria[place].id: statuses[place] for place in suggested.governing}
        grounds = {question.plan.criteria[place].id for place in suggested.grounds}
        answers.append((answered, grounds))
    (ours, grounds), (theirs, new_grounds) = answers
    differ = [name for name in dict.fromkeys((*ours, *theirs)) if ours.get(name) != theirs.get(name)]
    changed = grounds ^ new_grounds
    return tuple(sorted(differ, key=lambda name: name not in changed))
