"""How answers can change at one site: from what to what, by which criteria, in which region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import NamedTuple, get_args

import z3

from imr_rules.case import Suggestion
from imr_rules.engines.symbolic import Encoded
from imr_rules.engines.symbolic.values import FALSE, TRUE, all_of, any_of, negation
from imr_rules.expression import names
from imr_rules.rulebook import Rulebook
from imr_rules.screening.turns import LeanWord, Turn
from imr_rules.workbench.answers import judged
from imr_rules.workbench.diff.region import Box, box_around, turning_points
from imr_rules.workbench.witness import Found, Search, Site
from imr_rules.workbench.witness.compare import heard, unlike_grounds, unlike_lean

MOST_BOXES = 6
"""Most boxes a region is covered by before it is said that there is more of it."""
_MOST_CAUSES = 6


class Transition(NamedTuple):
    """One way in which an answer changes at a site.

    Attributes:
        turn: from what to what.
        criteria: full names of the criteria that are judged otherwise, the most telling first; none where the
            change comes from elsewhere.
        found: the smallest case, which both rulebooks were asked.
        boxes: the region; empty where none could be proven, or where one of the same way was told before.
        whole: whether the boxes cover all cases of the family in which it changes so: of those whose numbers
            are all known exactly, where ``inexact``.
        inexact: whether it changes so elsewhere, too, where a number is known within bounds only.
        numbers: the counts for which it changes so, where they are known exactly, in words.
    """

    site: Site
    turn: Turn
    criteria: tuple[str, ...]
    found: Found
    boxes: tuple[Box, ...]
    whole: bool
    inexact: bool
    numbers: tuple[str, ...] = ()


class Open(NamedTuple):
    """A way in which an answer might change at a site: no case was found, and none is proven impossible."""

    site: Site
    turn: Turn


def transitions(
    old: Rulebook, new: Rulebook, site: Site, told: set[tuple[object, ...]]
) -> Iterator[Transition | Open]:
    """Yield how answers can change at a site: suggestions, the decided ones first, then leans, then grounds.

    Args:
        old, new: the rulebooks.
        site: where their rules differ.
        told: the ways of change whose regions were told at other sites, and are not told again; added to.
    """
    search = Search((old, new), site.treatment, site.period)
    before, after = search.encoded
    unlike = _unlike(before, after)
    for turn, left in _turns(before, after):
        for _ in range(_MOST_CAUSES):
            found = search.find(left)
            if found.cases is None:
                if not found.exhausted:
                    yield Open(site, turn)
                break
            causes = _causes(found)
            cause = any_of(unlike[each] for each in causes) if causes else None
            here = left if cause is None else all_of((left, cause))
            way = causes, turn
            region: tuple[tuple[Box, ...], bool, bool, tuple[str, ...]] = (), False, False, ()
            if way not in told:
                decided = turn.change == "suggestion" and "needs_review" not in turn
                telling = telling_of(causes, search)
                region = *cover(search, found, here, telling, decided), counts(search, here, telling)
                told.add(way)
            yield Transition(site, turn, causes, found, *region)
            if cause is None:
                break
            left = all_of((left, negation(cause)))
        else:
            yield Open(site, turn)


def _turns(before: Encoded, after: Encoded) -> Iterator[tuple[Turn, z3.BoolRef]]:
    """Yield each way in which an answer can change, with when it does."""
    for was, now in sorted(permutations(get_args(Suggestion), 2), key=lambda way: "needs_review" in way):
        yield Turn("suggestion", was, now), all_of((before.suggestion[was], after.suggestion[now]))
    review = before.suggestion["needs_review"], after.suggestion["needs_review"]
    for leaned, leans in permutations(get_args(LeanWord), 2):
        turn = Turn("lean", "needs_review", "needs_review", leaned, leans)
        yield turn, all_of((*review, before.lean[leaned], after.lean[leans]))
    reasons = unlike_lean(before, after)
    for lean in _LEANING:
        turn = Turn("lean", "needs_review", "needs_review", lean, lean)
        yield turn, all_of((*review, before.lean[lean], after.lean[lean], reasons))
    grounds = any_of(unlike_grounds(before, after).values())
    for stays in _DECIDED:
        turn = Turn("grounds", stays, stays)
        yield turn, all_of((before.suggestion[stays], after.suggestion[stays], grounds))


_LEANING: tuple[LeanWord, ...] = ("uphold", "overturn")
_DECIDED: tuple[Suggestion, ...] = ("uphold", "overturn")


def cover(
    search: Search, found: Found, formula: z3.BoolRef, telling: frozenset[str], decided: bool
) -> tuple[tuple[Box, ...], bool, bool]:
    """Cover a region by boxes: one that is undecided on either side by one alone."""
    boxes: list[Box] = []
    left = formula
    exact = _exact(search) if decided else TRUE
    for _ in range(MOST_BOXES if decided else 1):
        box = box_around(search, found, left, telling)  # no part of what an earlier box has
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


_MOST_NUMBERS = 120
"""Numbers of one fact that are tried one by one."""


def counts(search: Search, formula: z3.BoolRef, telling: frozenset[str]) -> tuple[str, ...]:
    """Return for which counts it changes so, where they are known exactly: each is tried, none is left out."""
    found = []
    points = turning_points(search.plans)
    for name in sorted(telling):
        values = [row[name] for row in search.rows if name in row]
        spec = search.among.facts.get(name)
        near = points.get(name)
        if spec is None or spec.type.kind != "integer" or not near or near[-1] - near[0] > _MOST_NUMBERS:
            continue
        tried = range(max(spec.type.low, near[0] - 1), near[-1] + 2)
        inside = search.among_numbers(formula, values, tried)
        if inside and len(inside) < len(tried):
            found.append(f"{spec.label} {_runs(inside, tried)}")
    return tuple(found)


def _runs(inside: Sequence[int], tried: range) -> str:
    """Return numbers in words, those in a row together; those beyond the last one tried go with it."""
    runs: list[list[int]] = []
    for number in inside:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = []
    for run in runs:
        if run[-1] == tried[-1]:
            said.append(f"{run[0]} and more")
        else:
            joint = " or " if len(run) == 2 else " to "
            said.append(str(run[0]) if len(run) == 1 else f"{run[0]}{joint}{run[-1]}")
    return ", ".join(said)


def _exact(search: Search) -> z3.BoolRef:
    """Return that every number and date of a case is known exactly."""
    values = [value for row in search.rows for value in row.values() if value.kind in ("integer", "date")]
    return all_of(value.exact for value in values)


def telling_of(causes: tuple[str, ...], search: Search) -> frozenset[str]:
    """Return the facts that some criteria ask for."""
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


def _causes(found: Found) -> tuple[str, ...]:
    """Return the criteria that a found case has judged otherwise: grounds first."""
    ours, theirs = map(judged, found.posed)
    names_ = dict.fromkeys((*ours.statuses, *theirs.statuses))
    differ = [name for name in names_ if ours.statuses.get(name) != theirs.statuses.get(name)]
    changed = {*ours.grounds, *ours.lean_grounds} ^ {*theirs.grounds, *theirs.lean_grounds}
    return tuple(sorted(differ, key=lambda name: name not in changed))
